package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A call of iptables(8) or ip6tables(8), as people write it.
 *
 * @param line the number of its line, from 1
 * @param text itself, without what runs it
 * @param family whose rules
 * @param table {@code filter}, unless it says otherwise
 * @param action what it does: {@code -A}, {@code -I}, {@code -D}, {@code -F}, ...; "" if nothing
 * @param chain of which chain; "" of all
 * @param number at which place, from 1; 0 if it names none
 * @param rule what is behind: the rule, or the policy
 */
record IptablesCommand(
    int line,
    String text,
    IpFamily family,
    String table,
    String action,
    String chain,
    int number,
    List<String> rule) {

  private static final Pattern NAME =
      Pattern.compile("(?:.*/)?ip(6?)tables(?:-nft|-legacy)?|\\$\\{?(?i:IP(6?)T(?:ABLES)?)\\}?");
  private static final Set<String> RUNS_ANOTHER =
      Set.of(
          "sudo", "doas", "if", "then", "else", "elif", "do", "while", "until", "!", "{", "time",
          "exec", "command", "env", "$", "-n", "-E", "-H");

  private static final Map<String, String> ACTIONS =
      Map.ofEntries(
          Map.entry("--append", "-A"),
          Map.entry("--insert", "-I"),
          Map.entry("--delete", "-D"),
          Map.entry("--replace", "-R"),
          Map.entry("--check", "-C"),
          Map.entry("--policy", "-P"),
          Map.entry("--flush", "-F"),
          Map.entry("--new-chain", "-N"),
          Map.entry("--new", "-N"),
          Map.entry("--delete-chain", "-X"),
          Map.entry("--list", "-L"),
          Map.entry("--list-rules", "-S"),
          Map.entry("--zero", "-Z"),
          Map.entry("--rename-chain", "-E"));

  private static final Set<String> NUMBERED = Set.of("-I", "-D", "-R");
  private static final Set<String> QUIET =
      Set.of("-v", "-n", "-x", "-w", "-W", "--wait", "--verbose", "--numeric", "--line-numbers");

  private static final Set<String> ADDRESSES =
      Set.of("-s", "-d", "--source", "--src", "--destination", "--dst");

  IptablesCommand {
    rule = List.copyOf(rule);
  }

  /** What a command of a script is; empty if it is of another program. */
  static Optional<IptablesCommand> of(ShellCommand command) {
    List<String> words = new ArrayList<>(command.words());
    while (!words.isEmpty() && (RUNS_ANOTHER.contains(words.get(0)) || isAssignment(words))) {
      words.remove(0);
    }
    if (words.isEmpty() || !NAME.matcher(words.get(0)).matches()) {
      return Optional.empty();
    }
    int redirection = 0;
    while (redirection < words.size() && !words.get(redirection).matches("\\d*[<>].*")) {
      redirection++;
    }
    return Optional.of(parse(command.line(), words.subList(0, redirection)));
  }

  private static boolean isAssignment(List<String> words) {
    return words.get(0).matches("[A-Za-z_]\\w*=.*");
  }

  private static IptablesCommand parse(int line, List<String> words) {
    String table = "filter";
    String action = "";
    String chain = "";
    int number = 0;
    List<String> rule = new ArrayList<>();
    int i = 1;
    while (i < words.size()) {
      String word = words.get(i++);
      String next = i < words.size() ? words.get(i) : "";
      String name = ACTIONS.getOrDefault(word, word);
      if (word.equals("-t") || word.equals("--table")) {
        table = next;
        i++;
      } else if (QUIET.contains(word)) {
        i += next.matches("\\d+") ? 1 : 0;
      } else if (action.isEmpty() && ACTIONS.containsValue(name)) {
        action = name;
        if (!next.isEmpty() && !next.startsWith("-")) {
          chain = next;
          i++;
        }
        if (NUMBERED.contains(action) && i < words.size() && words.get(i).matches("\\d{1,9}")) {
          number = Integer.parseInt(words.get(i++));
        }
      } else {
        rule.add(word);
      }
    }
    boolean v6 = words.get(0).contains("6");
    return new IptablesCommand(
        line,
        String.join(" ", words),
        v6 ? IpFamily.IPV6 : IpFamily.IPV4,
        table,
        action,
        chain,
        number,
        rule);
  }

  /** Whether it puts a rule into a chain. */
  boolean adds() {
    return action.equals("-A") || action.equals("-I") || action.equals("-R");
  }

  /** Whether a word of it is only known when the script runs. */
  boolean hasUnknown() {
    return table.contains("$")
        || chain.contains("$")
        || rule.stream().anyMatch(IptablesCommand::isUnknown);
  }

  private static boolean isUnknown(String word) {
    return word.contains("$") || word.contains("`");
  }

  /**
   * Its rules: one for each of the addresses that {@code -s} or {@code -d} lists.
   *
   * @throws IllegalArgumentException if they are none
   */
  List<Rule> rules() {
    List<List<String>> each = List.of(rule);
    for (int i = 1; i < rule.size(); i++) {
      if (ADDRESSES.contains(rule.get(i - 1))) {
        each = each(each, i, rule.get(i).split(","));
      }
    }
    return each.stream().map(words -> Rule.of(chain, words)).toList();
  }

  private static List<List<String>> each(List<List<String>> rules, int place, String[] addresses) {
    List<List<String>> more = new ArrayList<>();
    for (List<String> words : rules) {
      for (String address : addresses) {
        List<String> one = new ArrayList<>(words);
        one.set(place, isAddress(address) ? Subnet.parse(address).toString() : address);
        more.add(one);
      }
    }
    return more;
  }

  /** Whether it is no name, list or range. */
  static boolean isAddress(String text) {
    return text.matches("[0-9.]+(/[0-9.]+)?|[0-9a-fA-F.]*:[0-9a-fA-F:.]*(/[0-9a-fA-F:.]+)?");
  }
}

package io.github.jnstools.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The chain DOCKER-USER of one family, whole, as it is or as it should be. Immutable.
 *
 * @param family whose rules
 * @param rules from the first to the last
 */
public record UserChain(IpFamily family, List<Rule> rules) {
  static final String TABLE = "filter";
  static final String NAME = "DOCKER-USER";

  public UserChain {
    rules = List.copyOf(rules);
  }

  /** The chain as it stands; empty if there is none. */
  public static Optional<UserChain> of(HostRules rules, IpFamily family) {
    return rules
        .of(family)
        .flatMap(ruleset -> ruleset.chain(TABLE, NAME))
        .map(chain -> new UserChain(family, chain.rules()));
  }

  /**
   * The chain in what iptables-save or ip6tables-save printed, or in a {@link #restoreText()};
   * empty if there is none.
   *
   * @throws MalformedException if it is cut off, or nothing of that kind
   */
  public static Optional<UserChain> parse(IpFamily family, String text) throws MalformedException {
    return Ruleset.parse(text)
        .chain(TABLE, NAME)
        .map(chain -> new UserChain(family, chain.rules()));
  }

  /** Whether both have the same rules, however often packets have met them. */
  public boolean isSameAs(Optional<UserChain> other) {
    return other.isPresent() && restoreText().equals(other.get().restoreText());
  }

  /** What it is, for a person: {@code IPv4 filter DOCKER-USER}. */
  public static String place(IpFamily family) {
    return family.word() + " " + TABLE + " " + NAME;
  }

  /**
   * The chain with the rules of an allow-list instead of those of an earlier one. Rules of others
   * stay, and in their order. The list stands where the earlier one did, or last of all that
   * packets come to: whom others' rules refuse it lets in no more than before.
   */
  UserChain with(List<Rule> list) {
    List<Rule> others = new ArrayList<>();
    int place = -1;
    for (Rule rule : rules) {
      boolean own = OwnTag.of(rule).isPresent();
      if (place < 0 && (own || Circumstances.isEnd(rule))) {
        place = others.size();
      }
      if (!own) {
        others.add(rule);
      }
    }
    others.addAll(place < 0 ? others.size() : place, list);
    return new UserChain(family, others);
  }

  /**
   * What iptables-restore or ip6tables-restore takes with {@code --noflush} to make the chain this
   * one, at once and without touching another.
   */
  public String restoreText() {
    StringBuilder text = new StringBuilder("*" + TABLE + "\n:" + NAME + " - [0:0]\n");
    rules.forEach(rule -> text.append(rule.text()).append('\n'));
    return text.append("COMMIT\n").toString();
  }

  /**
   * What becomes of the chain on the way to another: its lines after a blank, those that go after
   * {@code -}, those that come after {@code +}.
   */
  public List<String> diff(UserChain wanted) {
    List<String> from = rules.stream().map(Rule::text).toList();
    List<String> to = wanted.rules.stream().map(Rule::text).toList();
    int[][] common = common(from, to);
    List<String> lines = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < from.size() || j < to.size()) {
      if (i < from.size() && j < to.size() && from.get(i).equals(to.get(j))) {
        lines.add(" " + from.get(i++));
        j++;
      } else if (j == to.size() || i < from.size() && common[i + 1][j] >= common[i][j + 1]) {
        lines.add("-" + from.get(i++));
      } else {
        lines.add("+" + to.get(j++));
      }
    }
    return lines;
  }

  /** How many lines both have in common, from a line of each to the end. */
  private static int[][] common(List<String> from, List<String> to) {
    int[][] common = new int[from.size() + 1][to.size() + 1];
    for (int i = from.size() - 1; i >= 0; i--) {
      for (int j = to.size() - 1; j >= 0; j--) {
        common[i][j] =
            from.get(i).equals(to.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }
}

package io.github.jnstools.cli;

import io.github.jnstools.cli.Usage.Item;
import java.util.Arrays;
import java.util.List;

/** The options of one command of {@code jdocknet}; of all of them, where none is named. */
final class JdocknetOptions extends VerbOptions<JdocknetVerb> {
  static final String DIRECTORY = "--from-dir";

  private static final String PLACES =
      "FROM and TO are containers (by name, or by id or the start of it), networks of Docker,"
          + " 'host', or addresses.";

  /**
   * The options.
   *
   * @param verb null for those of all commands
   */
  JdocknetOptions(JdocknetVerb verb) {
    super(
        Jdocknet.NAME,
        verb,
        Option.flag("print JSON", "--json"),
        Option.required("DIR", "the files of a captured host, instead of this one", DIRECTORY));
    if (verb == JdocknetVerb.CHAINS) {
      own.add(Option.flag("say of each rule what it is for", "--explain"));
      own.add(Option.flag("say of each rule what iptables -L does not show", "--hidden"));
    }
    if (verb == JdocknetVerb.TRACE) {
      own.add(
          Option.required("IFACE", "the interface by which packets of an address come", "--in"));
      own.add(Option.flag("show the answers and the later packets, too", "--replies"));
    }
    if (verb == JdocknetVerb.GRAPH) {
      own.add(
          Option.required(
              "FORMAT",
              "how: text, a tree; svg or html, by Graphviz; dot, for it; json",
              JdocknetGraph.FORMAT));
    }
    if (verb == JdocknetVerb.ALLOW) {
      own.add(
          Option.required(
              "PORT[/PROTOCOL]", "the list of one port of the host", JdocknetAllow.PORT));
      own.add(Option.flag("print what would be restored, and write nothing", AllowWriting.DRY_RUN));
      own.add(
          Option.flag(
              "write even if connections break, not all was read, or rollback finds others' changes",
              AllowWriting.FORCE));
      own.add(
          Option.required(
              "SECONDS",
              "take it back by itself unless confirmed in time",
              AllowWriter.AUTO_REVERT));
      own.add(Option.flag("list as a file that apply takes", JdocknetAllow.YAML));
    }
  }

  @Override
  String summary() {
    return "Docker's networks and their firewall, shown and explained";
  }

  @Override
  List<String> notes() {
    return verb == null || verb == JdocknetVerb.TRACE ? List.of(PLACES) : List.of();
  }

  @Override
  List<Usage> commands() {
    return Arrays.stream(JdocknetVerb.values())
        .map(each -> new JdocknetOptions(each).usage())
        .toList();
  }

  @Override
  List<Item> status() {
    if (verb == JdocknetVerb.VERIFY || verb == JdocknetVerb.LINT) {
      return List.of(
          new Item("0", "nothing is wrong; there may be notes"),
          new Item("1", "there are findings"),
          new Item("2", "it could not be known, or the command line makes no sense"));
    }
    List<Item> status = super.status();
    if (verb == null) {
      status.add(
          new Item("0, 1, 2", "of verify and lint: all is well, findings, could not be known"));
    }
    return status;
  }

  @Override
  List<Item> examples() {
    Item list = new Item("jdocknet ls", "all containers that run");
    Item chains = new Item("jdocknet chains --explain", "the rules, and what each is for");
    Item verify = new Item("jdocknet verify", "what is wrong with them");
    Item trace = new Item("jdocknet trace web db:5432", "whether web reaches db, and why");
    Item lint = new Item("jdocknet lint firewall.sh", "what a script would do to this host");
    Item allow = new Item("jdocknet allow add 10.0.0.0/8", "let in no others");
    if (verb == null) {
      return List.of(list, chains, verify, trace, lint, allow);
    }
    return switch (verb) {
      case LS -> List.of(list);
      case CHAINS -> List.of(chains);
      case VERIFY ->
          List.of(verify, new Item("jdocknet verify --from-dir host7", "of a captured host"));
      case ALLOW ->
          List.of(
              allow,
              new Item("jdocknet allow add --port 80 10.0.0.1-10.0.0.9", "to one port"),
              new Item("jdocknet allow remove --port 80", "its list is gone"),
              new Item("jdocknet allow list --yaml >allow.yaml", "all lists as a file"),
              new Item("jdocknet allow apply --auto-revert 60 allow.yaml", "those, and no others"),
              new Item("jdocknet allow confirm", "it may stay"));
      case LINT ->
          List.of(lint, new Item("jdocknet lint -", "the same of what is pasted, up to Ctrl-D"));
      case TRACE ->
          List.of(
              trace,
              new Item("jdocknet trace 203.0.113.5 host:8080", "the same of a published port"),
              new Item("jdocknet trace --in eth1 10.1.2.3 web:80/tcp", "from behind a router"));
      case GRAPH ->
          List.of(
              new Item("jdocknet graph", "a tree for the terminal"),
              new Item("jdocknet graph --format html >host.html", "to be searched and clicked"));
      case ISOLATION -> List.of(new Item("jdocknet isolation", "who reaches whom"));
    };
  }
}

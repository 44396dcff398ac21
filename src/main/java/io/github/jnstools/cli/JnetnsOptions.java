package io.github.jnstools.cli;

import io.github.jnstools.cli.Usage.Item;
import java.util.Arrays;
import java.util.List;

/** The options of one command of {@code jnetns}; of all of them, where none is named. */
final class JnetnsOptions extends VerbOptions<JnetnsVerb> {
  static final String DIRECTORY = "--netns-dir";

  private static final String REFERENCES =
      "A REF is a container: its name, its id (or the start of it), or a pid. With its engine"
          + " it is docker:web, podman:web, cri:pod/container, containerd:default/web.";

  /**
   * The options.
   *
   * @param verb null for those of all commands
   */
  JnetnsOptions(JnetnsVerb verb) {
    super(
        Jnetns.NAME,
        verb,
        Option.flag("print JSON", "--json"),
        Option.required("DIR", "the directory of names (/run/netns)", DIRECTORY),
        Option.flag("print errors only", "-q", "--quiet"),
        Option.flag("print more", "-v", "--verbose"));
    if (verb != null) {
      addOwn();
    }
  }

  private void addOwn() {
    switch (verb) {
      case LINK -> {
        own.add(
            Option.flag("all running containers, but those on the host's network", "-a", "--all"));
        own.add(
            Option.required(
                "NAME", "the name; without this that of the container", "-n", "--name"));
        own.add(Option.flag("mount it instead: keeps it alive, as ip netns attach does", "--bind"));
        own.add(
            Option.flag(
                "replace a link of somebody else; link the host's network", "-f", "--force"));
      }
      case UNLINK -> {
        own.add(Option.flag("all that jnetns made", "-a", "--all"));
        own.add(Option.flag("also links of somebody else", "-f", "--force"));
      }
      case EXEC -> {
        own.add(
            Option.flag("in every usable one; each line of output with its name", "-a", "--all"));
        own.add(
            Option.required(
                "WHOSE", "'container': its resolv.conf and hosts; or 'host' (default)", "--dns"));
      }
      case PRUNE -> {
        own.add(Option.flag("change nothing, print what would be removed", "-n", "--dry-run"));
        own.add(
            Option.flag(
                "also links that lead nowhere just in this PID namespace, and mounts that keep what no process is in",
                "-f",
                "--force"));
      }
      case WATCH -> {
        own.add(Option.flag("do it once and end", "--once"));
        own.add(
            Option.required(
                "SECONDS", "compare all after so long without an event, too (10)", "--interval"));
      }
      default -> {}
    }
  }

  @Override
  boolean runsPrograms() {
    return verb == JnetnsVerb.EXEC;
  }

  @Override
  String summary() {
    return "network namespaces of containers by name, as ip-netns(8) finds them";
  }

  @Override
  List<String> notes() {
    return List.of(REFERENCES);
  }

  @Override
  List<Usage> commands() {
    return Arrays.stream(JnetnsVerb.values()).map(each -> new JnetnsOptions(each).usage()).toList();
  }

  @Override
  List<Item> status() {
    List<Item> status = super.status();
    if (verb == null || verb == JnetnsVerb.EXEC) {
      status.add(new Item("126", "the program of exec could not be executed"));
      status.add(new Item("127", "there is no such program for exec"));
      status.add(new Item("N", "that of the program, for exec"));
    }
    return status;
  }

  @Override
  List<Item> examples() {
    if (verb == null) {
      return List.of(
          new Item("jnetns link --all", "names for all containers that run"),
          new Item("jnetns list", "what is there, and what it is worth"),
          new Item("ip netns exec web ss -ltn", "what ip can do with a name then"),
          new Item("jnetns prune", "remove what is dead"));
    }
    return switch (verb) {
      case LINK ->
          List.of(
              new Item("jnetns link web", "the name web for container web"),
              new Item("jnetns link --name front docker:web", "the name front for it"),
              new Item("jnetns link --all", "one for each container that runs"));
      case UNLINK ->
          List.of(
              new Item("jnetns unlink web", "the name web, or those of container web"),
              new Item("jnetns unlink --all", "all that jnetns made"));
      case LIST ->
          List.of(
              new Item("jnetns list", "all names"),
              new Item("jnetns list --json web", "one of them, for a program"));
      case SHOW -> List.of(new Item("jnetns show web", "its processes, interfaces, addresses"));
      case EXEC ->
          List.of(
              new Item("jnetns exec web ip route", "the routes of one"),
              new Item("jnetns exec --dns container web ping db", "with its resolv.conf"),
              new Item("jnetns exec --all ss -ltn", "the sockets of all"));
      case PIDS -> List.of(new Item("jnetns pids web", "one on each line"));
      case IDENTIFY -> List.of(new Item("jnetns identify 6806", "the names where process 6806 is"));
      case PRUNE ->
          List.of(
              new Item("jnetns prune --dry-run", "what would be removed, and why"),
              new Item("jnetns prune", "remove it"));
      case WATCH -> List.of(new Item("jnetns watch", "until it is ended; there is a systemd unit"));
    };
  }
}

package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.container.Container;
import io.github.jnstools.enter.Command;
import io.github.jnstools.enter.Launcher;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Target;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NetnsCommand;
import io.github.jnstools.netns.NetnsDirectory;
import io.github.jnstools.netns.OwnerMark;
import java.util.ArrayList;
import java.util.List;

/** {@code jnetns exec}: a program in a network namespace, in place of this process. */
final class JnetnsExec {
  private final JnetnsCall call;
  private final boolean containersDns;

  JnetnsExec(JnetnsCall call) {
    this.call = call;
    this.containersDns =
        call.options().has("--dns") && call.options().last("--dns").equals("container");
  }

  int run() throws NamespaceException, UsageException {
    if (call.options().has("--dns")
        && !containersDns
        && !call.options().last("--dns").equals("host")) {
      throw new UsageException("--dns is 'container' or 'host'");
    }
    if (call.options().has("--all")) {
      return new JnetnsExecAll(call, this).run(argv(call.operands()));
    }
    if (call.operands().isEmpty()) {
      throw new UsageException("exec takes a name or container, and a program");
    }
    String operand = call.operands().get(0);
    List<OsString> argv = argv(call.operands().subList(1, call.operands().size()));
    NetnsDirectory directory = call.directory();
    if (call.isName(directory, operand)) {
      NamedNetns entry = directory.require(OsString.ofLatin1(operand));
      try (Namespace net = directory.open(entry.name())) {
        become(command(entry, net, argv));
      }
    } else {
      become(Containers.resolve(operand), argv);
    }
    throw new IllegalStateException("this process was not replaced");
  }

  private static List<OsString> argv(List<String> operands) throws UsageException {
    boolean separated = !operands.isEmpty() && operands.get(0).equals("--");
    List<OsString> argv = new ArrayList<>();
    for (String operand : separated ? operands.subList(1, operands.size()) : operands) {
      argv.add(OsString.ofLatin1(operand));
    }
    if (argv.isEmpty()) {
      throw new UsageException("no program given");
    }
    return argv;
  }

  private void become(Container container, List<OsString> argv) throws NamespaceException {
    OsString name = call.directory().nameFor(Containers.mark(container), false, false);
    try (Target target = Containers.pin(container);
        Namespace net = target.namespace(NamespaceType.NET)) {
      NetnsCommand command = NetnsCommand.of(name, net, argv.get(0), argv);
      become(containersDns ? command.withDnsOf(target) : command);
    }
  }

  private void become(NetnsCommand command) throws NamespaceException {
    Launcher.become(
        prepared(command).withClosedDescriptors(call.caller().closedDescriptors()),
        Jnetns.NAME,
        List.of(OsString.of(Jnetns.NAME), OsString.of("exec")));
  }

  /** A program in the network namespace of an entry. */
  NetnsCommand command(NamedNetns entry, Namespace net, List<OsString> argv)
      throws NamespaceException {
    NetnsCommand command = NetnsCommand.of(entry.name(), net, argv.get(0), argv);
    if (!containersDns) {
      return command;
    }
    if (entry.owner().isEmpty()) {
      throw new NamespaceException(
          "dns",
          entry.name().toString(),
          "jnetns did not make it, so which container it is of is not known",
          "name the container instead");
    }
    OwnerMark owner = entry.owner().get();
    try (Target target = Target.of(owner.pid(), owner.startTime())) {
      return command.withDnsOf(target);
    }
  }

  /** The same with what the caller gave this process, after its warnings are told. */
  Command prepared(NetnsCommand command) {
    for (String warning : command.warnings()) {
      call.console().error(Jnetns.NAME + ": " + warning);
    }
    return command
        .command()
        .withEnvironment(call.caller().environment())
        .withIgnoredSignals(call.caller().ignoredSignals());
  }
}

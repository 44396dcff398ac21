package io.github.jnstools.enter;

import io.github.jnstools.Credentials;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Command.Option;
import io.github.jnstools.enter.Step.Op;
import io.github.jnstools.proc.ProcStatus;
import io.github.jnstools.sys.Sys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The part of a plan that gives the program its ids, capabilities and security context. */
final class CredentialSteps {
  private final Command command;
  private final List<Step> steps = new ArrayList<>();

  CredentialSteps(Command command) {
    this.command = command;
  }

  private Credentials credentials() {
    Credentials given = command.credentials();
    if (!command.becomesRoot()) {
      return given;
    }
    return new Credentials(
        orRoot(given.uid()),
        orRoot(given.gid()),
        given.groups().isPresent() ? given.groups() : Optional.of(List.of()));
  }

  private static Credentials.Id orRoot(Credentials.Id id) {
    return id.equals(Credentials.Id.KEEP) ? Credentials.Id.of(0) : id;
  }

  /** The steps, in the only order in which each still has the privilege that it needs. */
  List<Step> steps() throws IOException {
    Credentials credentials = credentials();
    boolean followCaps = command.has(Option.FOLLOW_CAPABILITIES);
    ProcStatus caps = followCaps ? command.requiredTarget().status() : null;
    if (followCaps) {
      long bounding = bounding(caps, credentials.uid());
      String kept = "PR_CAPBSET_DROP, ~0x" + Long.toHexString(bounding);
      steps.add(Step.of(Op.BOUND, "prctl", kept, bounding, 0));
      steps.add(Step.prctl(Sys.PR_SET_KEEPCAPS, "PR_SET_KEEPCAPS", 1));
    }
    if (credentials.groups().isPresent()) {
      setgroups(credentials.groups().get());
    }
    assume(Op.SETGID, "setgid", credentials.gid());
    assume(Op.SETUID, "setuid", credentials.uid());
    if (followCaps) {
      capset(caps);
    }
    if (command.has(Option.KEEP_CAPABILITIES)
        && command.namespaces().types().contains(NamespaceType.USER)) {
      steps.add(Step.of(Op.KEEP_CAPS, "prctl", "PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE", 0, 0));
    }
    if (command.has(Option.FOLLOW_CONTEXT) && SecurityContext.enabled()) {
      OsString context = command.requiredTarget().securityContext();
      String file = "thread-self/attr/exec";
      steps.add(
          Step.of(
              Op.WRITE_PROC,
              "write",
              "/proc/" + file + ", " + context,
              0,
              0,
              OsString.of(file),
              context));
    }
    if (command.has(Option.NO_NEW_PRIVILEGES)) {
      steps.add(Step.prctl(Sys.PR_SET_NO_NEW_PRIVS, "PR_SET_NO_NEW_PRIVS", 1));
    }
    return steps;
  }

  /**
   * Executing a program gives root all of its bounding set; so that is no more than the target has.
   */
  private static long bounding(ProcStatus caps, Credentials.Id uid) {
    boolean root = uid.kind() != Credentials.Kind.FOLLOW && uid.number() == 0;
    long held = caps.permitted() | caps.inheritable() | caps.ambient();
    return root ? caps.bounding() & held : caps.bounding();
  }

  private void setgroups(List<Integer> groups) {
    OsString[] numbers = new OsString[groups.size()];
    StringBuilder context = new StringBuilder(numbers.length + ", [");
    for (int i = 0; i < numbers.length; i++) {
      String number = Integer.toUnsignedString(groups.get(i));
      numbers[i] = OsString.of(number);
      context.append(i == 0 ? "" : ", ").append(number);
    }
    String shown = numbers.length == 0 ? "0, NULL" : context.append(']').toString();
    steps.add(Step.of(Op.SETGROUPS, "setgroups", shown, 0, numbers.length, numbers));
  }

  private void assume(Op op, String operation, Credentials.Id id) throws NamespaceException {
    switch (id.kind()) {
      case KEEP -> {}
      case FIXED -> {
        long number = Integer.toUnsignedLong(id.number());
        steps.add(Step.of(op, operation, Long.toString(number), number, -1));
      }
      case FOLLOW -> {
        String context = "that of " + command.requiredTarget().pid();
        steps.add(
            Step.of(op, operation, context, 0, command.requiredTarget().procDirectory().number()));
      }
    }
  }

  private void capset(ProcStatus caps) {
    String context =
        "permitted=0x"
            + Long.toHexString(caps.permitted())
            + " effective=0x"
            + Long.toHexString(caps.effective())
            + " inheritable=0x"
            + Long.toHexString(caps.inheritable());
    steps.add(
        new Step(
            Op.CAPSET,
            caps.permitted(),
            caps.effective(),
            caps.inheritable(),
            caps.ambient(),
            List.of(),
            "capset",
            context));
  }
}

package io.github.jnstools.firewall;

import io.github.jnstools.firewall.Condition.Scope;
import io.github.jnstools.firewall.Packet.Connection;
import java.util.List;
import java.util.Optional;

/** One packet's way through one built-in chain of one table, and the chains that it jumps to. */
final class ChainWalk {
  /** The kernel refuses rules that could go round: this is for texts that it never saw. */
  private static final int DEEPEST = 100;

  private final Scope scope;
  private final Choices choices;
  private final List<Step> steps;
  private final Conn conn;
  private final Table table;
  private final String hook;

  private Packet packet;
  private Step decider;
  private Optional<Target> nat = Optional.empty();

  /** How it ends. */
  enum Fate {
    ACCEPT,
    DROP,
    /** Not known what the rule that decides does. */
    UNKNOWN
  }

  /**
   * A packet before a chain.
   *
   * @param steps what it meets is added here
   * @param conn its connection, whose mark a rule may change
   */
  ChainWalk(
      Table table,
      String hook,
      Packet packet,
      Conn conn,
      Scope scope,
      Choices choices,
      List<Step> steps) {
    this.table = table;
    this.hook = hook;
    this.packet = packet;
    this.conn = conn;
    this.scope = scope;
    this.choices = choices;
    this.steps = steps;
  }

  Fate walk() {
    Optional<Chain> chain = table.chain(hook);
    if (chain.isEmpty()) {
      return Fate.ACCEPT;
    }
    Fate fate = walk(chain.get(), 0);
    if (fate == null) {
      String policy = chain.get().policy().orElse("ACCEPT");
      decider = new Step(packet, table.name(), hook, 0, Optional.empty(), "policy " + policy);
      steps.add(decider);
      fate = policy.equals("ACCEPT") ? Fate.ACCEPT : Fate.DROP;
    }
    return fate;
  }

  /** The packet afterwards: its marks may be others. */
  Packet packet() {
    return packet;
  }

  /** The rule or policy at which it ended; null if there is no such chain. */
  Step decider() {
    return decider;
  }

  /** The target that is to change its addresses. */
  Optional<Target> nat() {
    return nat;
  }

  /** Null if the packet returns from the chain. */
  private Fate walk(Chain chain, int depth) {
    for (int index : table.candidates(chain, packet)) {
      Rule rule = chain.rules().get(index);
      CompiledRule compiled = rule.compiled();
      Truth matches = compiled.matches(packet, scope);
      if (matches != Truth.FALSE) {
        Target target = compiled.target();
        Step step =
            new Step(
                packet, table.name(), chain.name(), index + 1, Optional.of(rule), effect(target));
        if (matches == Truth.TRUE || mayMatch(step, target)) {
          steps.add(step);
          switch (target.kind()) {
            case RETURN -> {
              return null;
            }
            case GOTO -> {
              return jump(step, target, depth);
            }
            default -> {
              Fate fate = applied(step, target, depth);
              if (fate != null) {
                return fate;
              }
            }
          }
        }
      }
    }
    return null;
  }

  /** Where nothing follows from it, it does not matter whether the rule matches. */
  private boolean mayMatch(Step step, Target target) {
    return target.kind() != Target.Kind.CONTINUE && choices.choose(step);
  }

  private static String effect(Target target) {
    return switch (target.kind()) {
      case JUMP -> "jump " + target.name();
      case GOTO -> "goto " + target.name();
      default -> target.name().isEmpty() ? "counts" : target.toString();
    };
  }

  private Fate applied(Step step, Target target, int depth) {
    try {
      return apply(step, target, depth);
    } catch (NumberFormatException e) {
      // A mark that iptables-save does not write.
      return decided(step, Fate.UNKNOWN);
    }
  }

  private Fate apply(Step step, Target target, int depth) {
    return switch (target.kind()) {
      case ACCEPT -> decided(step, Fate.ACCEPT);
      case DROP -> decided(step, Fate.DROP);
      case UNKNOWN -> decided(step, Fate.UNKNOWN);
      case JUMP -> jump(step, target, depth);
      case NAT -> {
        nat = Optional.of(target);
        yield decided(step, Fate.ACCEPT);
      }
      case MARK -> mark(step, target);
      case CONNMARK -> connectionMark(step, target);
      case CONTINUE, RETURN, GOTO -> null;
    };
  }

  private Fate decided(Step step, Fate fate) {
    decider = step;
    return fate;
  }

  private Fate jump(Step step, Target target, int depth) {
    Optional<Chain> chain = table.chain(target.name());
    return chain.isEmpty() || depth == DEEPEST
        ? decided(step, Fate.UNKNOWN)
        : walk(chain.get(), depth + 1);
  }

  /** {@code --set-xmark 0x10/0xff}: the mask's bits are cleared, the value's are turned. */
  private Fate mark(Step step, Target target) {
    if (!target.has("--set-xmark")) {
      return decided(step, Fate.UNKNOWN);
    }
    Mark mark = Mark.parse(target.value("--set-xmark"));
    packet = packet.withMark(packet.mark() & ~mark.mask() ^ mark.value());
    return null;
  }

  private Fate connectionMark(Step step, Target target) {
    Optional<Connection> connection = packet.connection();
    if (connection.isEmpty()) {
      return null;
    }
    int known = connection.get().mark();
    int packetMask = mask(target, "--nfmask");
    int connectionMask = mask(target, "--ctmask");
    if (target.has("--restore-mark")) {
      packet = packet.withMark(packet.mark() & ~packetMask ^ known & connectionMask);
      return null;
    }
    int changed;
    if (target.has("--save-mark")) {
      changed = known & ~connectionMask ^ packet.mark() & packetMask;
    } else if (target.has("--set-xmark")) {
      Mark mark = Mark.parse(target.value("--set-xmark"));
      changed = known & ~mark.mask() ^ mark.value();
    } else {
      return decided(step, Fate.UNKNOWN);
    }
    conn.mark(changed);
    packet = packet.with(conn.view(connection.get().state(), connection.get().reply()));
    return null;
  }

  private static int mask(Target target, String option) {
    return target.has(option) ? Mark.number(target.value(option)) : -1;
  }
}

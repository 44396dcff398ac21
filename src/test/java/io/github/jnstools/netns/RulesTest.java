package io.github.jnstools.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.netns.NamedNetns.Kind;
import io.github.jnstools.netns.NamedNetns.State;
import io.github.jnstools.netns.NetnsDirectory.Reach;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an entry is taken for, before the kernel is asked anything. */
class RulesTest {
  private static final Origin FIRST = new Origin("boot", 0xEFFFFFFCL, 1);
  private static final Origin INNER = new Origin("boot", 4026532999L, 1);
  private static final OwnerMark WEB = new OwnerMark("docker", "", "0a1b", "web", 4711, 815);

  private static NamedNetns entry(Kind kind, State state, OwnerMark owner) {
    return new NamedNetns(
        OsString.of("web"),
        kind,
        state,
        "why",
        Optional.of(OsString.of("/proc/4711/ns/net")).filter(target -> kind == Kind.LINK),
        Optional.ofNullable(owner),
        Optional.empty());
  }

  @Test
  void prunesOfOursWhatIsDeadOnly() throws NamespaceException {
    for (Reach reach : Reach.values()) {
      for (Origin here : new Origin[] {FIRST, INNER}) {
        for (Kind kind : Kind.values()) {
          for (State state : State.values()) {
            assertEquals(
                (state == State.STALE || state == State.STRANGER)
                    && (kind != Kind.BIND || reach == Reach.VISIBLE),
                Rules.isPrunable(entry(kind, state, WEB), reach, here),
                kind + " " + state);
          }
        }
      }
    }
  }

  @Test
  void prunesOfOthersLinksThatLeadNowhereOnly() throws NamespaceException {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    for (Kind kind : Kind.values()) {
      for (State state : State.values()) {
        NamedNetns entry = entry(kind, state, null);
        boolean dangling = kind == Kind.LINK && state == State.STALE;
        assertEquals(false, Rules.isPrunable(entry, Reach.OURS, FIRST));
        assertEquals(dangling, Rules.isPrunable(entry, Reach.CERTAIN, FIRST), entry::toString);
        assertEquals(false, Rules.isPrunable(entry, Reach.CERTAIN, INNER));
        assertEquals(dangling, Rules.isPrunable(entry, Reach.VISIBLE, INNER), entry::toString);
        kinds.add(kind);
      }
    }
    assertEquals(EnumSet.allOf(Kind.class), kinds);
  }

  @Test
  void isOutdatedWhereItsContainerRunsOnAsAnotherProcess() {
    for (State state : EnumSet.complementOf(EnumSet.of(State.UNREADABLE))) {
      NamedNetns old = entry(Kind.LINK, state, WEB);
      assertSame(old, old.against(4711, 815));
      for (NamedNetns judged : new NamedNetns[] {old.against(4711, 816), old.against(5, 815)}) {
        assertEquals(State.OUTDATED, judged.state());
        assertEquals(old.owner(), judged.owner());
        assertEquals(old.target(), judged.target());
      }
      assertEquals("docker:web runs as process 5 now", old.against(5, 9).reason());
    }
  }

  @Test
  void isNotOutdatedWhereNothingIsKnownOfIt() {
    NamedNetns foreign = entry(Kind.LINK, State.FOREIGN, null);
    assertSame(foreign, foreign.against(5, 9));
    NamedNetns unreadable = entry(Kind.LINK, State.UNREADABLE, WEB);
    assertSame(unreadable, unreadable.against(5, 9));
  }

  @Test
  void isUsableWhereItLeadsToWhatItSays() {
    for (State state : State.values()) {
      assertEquals(
          state == State.LIVE || state == State.FOREIGN, entry(Kind.LINK, state, WEB).usable());
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/proc/4711/ns/net,        4711",
    "/proc/1/ns/net,           1",
    "/proc/0/ns/net,           0",
    "/proc/2147483647/ns/net,  2147483647",
    "/proc/2147483648/ns/net,  0",
    "/proc/-5/ns/net,          0",
    "/proc/+5/ns/net,          0",
    "/proc//ns/net,            0",
    "/proc/ns/net,             0",
    "/proc/x/ns/net,           0",
    "/proc/4711x/ns/net,       0",
    "/proc/self/ns/net,        0",
    "/proc/4711/ns/mnt,        0",
    "/proc/4711/ns/net/,       0",
    "/proc/4711/task/5/ns/net, 0",
    "proc/4711/ns/net,         0",
    "'',                       0"
  })
  void readsThePidOfALinkToAProcess(String target, int pid) {
    assertEquals(pid, Examiner.pid(target));
  }
}

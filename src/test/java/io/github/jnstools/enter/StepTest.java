package io.github.jnstools.enter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Step.Op;
import io.github.jnstools.sys.Sys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StepTest {

  @Test
  void hasTheOperationsOfTheStageInItsOrder() throws Exception {
    String source = Files.readString(Path.of("src/main/c/stage.c"));
    Matcher list = Pattern.compile("enum op \\{([^}]*)}").matcher(source);
    assertTrue(list.find());
    List<String> theirs =
        Arrays.stream(list.group(1).split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList();
    assertEquals(Arrays.stream(Op.values()).map(op -> "OP_" + op).toList(), theirs);
  }

  @Test
  void readsAsInStrace() {
    assertEquals("unshare(CLONE_FS)", Step.of(Op.UNSHARE, "unshare", "CLONE_FS", 1, 0).label());
    assertEquals("prctl(PR_X, 7)", Step.prctl(3, "PR_X", 7).label());
  }

  @Test
  void joinsByDescriptorAndVerifiesByInode() throws Exception {
    for (NamespaceType type : NamespaceType.values()) {
      try (Namespace own = Namespace.ofThread(type)) {
        Step join = Step.setns(own);
        assertEquals(
            new Step(
                Op.SETNS,
                own.descriptor(),
                type.cloneFlag(),
                own.id().device(),
                own.id().inode(),
                List.of(OsString.of("thread-self/ns/" + type.joinedName())),
                "setns",
                "/proc/thread-self/ns/" + type.procName() + ", " + type.flagName()),
            join);
        assertEquals(own.descriptor(), join.descriptor());
        assertEquals(!type.needsSingleThread(), join.runsInThread());
      }
    }
  }

  @Test
  void knowsWhichDescriptorsItUses() {
    Set<Op> first = EnumSet.of(Op.SETNS, Op.FCHDIR, Op.CHROOT, Op.WRITE);
    Set<Op> second = EnumSet.of(Op.SETGID, Op.SETUID);
    for (Op op : Op.values()) {
      int expected = first.contains(op) ? 11 : second.contains(op) ? 22 : -1;
      assertEquals(expected, Step.of(op, "", "", 11, 22).descriptor(), op.toString());
    }
  }

  @Test
  void runsInAThreadOnlyWhatLeavesTheOtherThreadsAlone() {
    assertTrue(Step.of(Op.UNSHARE, "", "", Sys.CLONE_FS, 0).runsInThread());
    assertFalse(Step.of(Op.UNSHARE, "", "", NamespaceType.MNT.cloneFlag(), 0).runsInThread());
    assertTrue(Step.prctl(Sys.PR_SET_DUMPABLE, "", 0).runsInThread());
    assertFalse(Step.prctl(Sys.PR_SET_NO_NEW_PRIVS, "", 1).runsInThread());
    EnumSet<Op> others = EnumSet.complementOf(EnumSet.of(Op.SETNS, Op.UNSHARE, Op.PRCTL));
    for (Op op : others) {
      Step step = Step.of(op, "", "", 0, 0);
      assertFalse(step.runsInThread(), op.toString());
      assertThrows(IllegalStateException.class, () -> step.runInThread(-1));
    }
  }
}

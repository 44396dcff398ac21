package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NamespaceTypeTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "CGROUP, cgroup, 0x02000000, CLONE_NEWCGROUP",
    "IPC, ipc, 0x08000000, CLONE_NEWIPC",
    "MNT, mnt, 0x00020000, CLONE_NEWNS",
    "NET, net, 0x40000000, CLONE_NEWNET",
    "PID, pid, 0x20000000, CLONE_NEWPID",
    "TIME, time, 0x00000080, CLONE_NEWTIME",
    "USER, user, 0x10000000, CLONE_NEWUSER",
    "UTS, uts, 0x04000000, CLONE_NEWUTS"
  })
  void hasTheKernelsNamesAndFlags(NamespaceType type, String name, String flag, String flagName) {
    assertEquals(name, type.procName());
    assertEquals(Integer.decode(flag), type.cloneFlag());
    assertEquals(flagName, type.flagName());
    assertEquals(Optional.of(type), NamespaceType.ofCloneFlag(Integer.decode(flag)));
  }

  @Test
  void isEightTypes() {
    assertEquals(8, NamespaceType.values().length);
  }

  @Test
  void isDeclaredInJoinOrder() {
    List<NamespaceType> order = new ArrayList<>(List.of(NamespaceType.values()));
    assertEquals(
        List.of(NamespaceType.MNT, NamespaceType.TIME, NamespaceType.USER), order.subList(5, 8));
  }

  @Test
  void needsASingleThreadForTimeAndUserOnly() {
    Set<NamespaceType> single = EnumSet.noneOf(NamespaceType.class);
    for (NamespaceType type : NamespaceType.values()) {
      if (type.needsSingleThread()) {
        single.add(type);
      }
    }
    assertEquals(EnumSet.of(NamespaceType.TIME, NamespaceType.USER), single);
  }

  @Test
  void joinsAPidNamespaceForChildrenOnly() {
    for (NamespaceType type : NamespaceType.values()) {
      String expected = type == NamespaceType.PID ? "pid_for_children" : type.procName();
      assertEquals(expected, type.joinedName());
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TIME")
  void isAnEntryOfProc(NamespaceType type) {
    assertTrue(Files.exists(Path.of("/proc/self/ns", type.procName()), LinkOption.NOFOLLOW_LINKS));
    assertTrue(
        Files.exists(Path.of("/proc/self/ns", type.joinedName()), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void refusesOtherFlags() {
    for (int flag : new int[] {0, 1, -1, 0x200, 0x02000000 | 0x08000000}) {
      assertEquals(Optional.empty(), NamespaceType.ofCloneFlag(flag));
    }
  }
}

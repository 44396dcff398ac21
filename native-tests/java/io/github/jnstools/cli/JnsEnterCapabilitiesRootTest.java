package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Tools;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A target that is not root, and has a capability all the same. */
@RootTest
class JnsEnterCapabilitiesRootTest {
  private static final List<String> SETS =
      List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb");

  @Test
  void aUsersCapabilitiesAreFollowedWithTheUser() throws Exception {
    try (Running target =
        Running.start(
            "setpriv",
            "--reuid=1234",
            "--regid=1235",
            "--clear-groups",
            "--bounding-set=-sys_boot",
            "--inh-caps=+net_raw",
            "--ambient-caps=+net_raw",
            "busybox",
            "sleep",
            "1000")) {
      Poll.until("sleep", () -> Proc.text(target.pid(), "comm").equals("busybox\n"));
      assertNotEquals("0000000000000000", Proc.status(target.pid(), "CapEff"));
      try (Running entered =
          Running.start(
                  Tools.JNSENTER,
                  "--follow-caps",
                  "-S",
                  "follow",
                  "-G",
                  "follow",
                  "-t",
                  "" + target.pid(),
                  Tools.PROBE + "")
              .ready()) {
        for (String set : SETS) {
          assertEquals(Proc.status(target.pid(), set), Proc.status(entered.pid(), set), set);
        }
        assertEquals("1234\t1234\t1234\t1234", Proc.status(entered.pid(), "Uid"));
        assertEquals("1235\t1235\t1235\t1235", Proc.status(entered.pid(), "Gid"));
      }
    }
  }
}

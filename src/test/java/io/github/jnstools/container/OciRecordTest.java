package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On records of runc 1.1.5 and crun 1.8.1. */
class OciRecordTest {
  private static final String RUNC = "/run/containerd/runc/default/web";
  private static final String CRUN = "/run/containerd/runc/default/crun";
  @TempDir Path root;
  private Tree tree;

  @BeforeEach
  void copyRecords() throws Exception {
    tree = Tree.copy("containerd-1.6.20", root);
  }

  private OciRecord read(String directory) throws NamespaceException {
    return OciRecord.read(tree.files(), directory);
  }

  @Test
  void readsWhatRuncWrites() throws Exception {
    assertEquals(new OciRecord(1491, tree.proc().stat("1491").startTime()), read(RUNC));
  }

  @Test
  void readsWhatCrunWrites() throws Exception {
    assertEquals(new OciRecord(1726, tree.proc().stat("1726").startTime()), read(CRUN));
  }

  @Test
  void textsOfTheContainerAreNoMembers() throws Exception {
    tree.write(
        RUNC + "/state.json",
        "{\"a\": \"\\\"init_process_pid\\\":1,\\\"init_process_start\\\":2\","
            + "\"init_process_start\":  3, \"init_process_pid\": 4}");
    assertEquals(new OciRecord(4, 3), read(RUNC));
  }

  @Test
  void theFirstDirectoryThatHasOneCounts() throws Exception {
    assertEquals(1726, OciRecord.readFirst(tree.files(), "/none", CRUN, RUNC).pid());
    assertNull(OciRecord.readFirst(tree.files(), "/none", "/run"));
  }

  @Test
  void otherRuntimesHaveNoRecord() throws Exception {
    tree.write(RUNC + "/state.json", "{\"ociVersion\":\"v1.0.2\",\"id\":\"web\",\"pid\":4711}");
    assertNull(read(RUNC));
    tree.write(RUNC + "/state.json", "{\"init_process_pid\":0,\"init_process_start\":5}");
    assertNull(read(RUNC));
    tree.write(RUNC + "/state.json", "{\"init_process_pid\":\"x\",\"init_process_start\":5}");
    assertNull(read(RUNC));
  }

  @Test
  void namesTheRecordThatIsMalformed() throws Exception {
    for (String text : new String[] {"", "{", "[]", "{\"init_process_pid\":1"}) {
      tree.write(RUNC + "/state.json", text);
      String message = assertThrows(NamespaceException.class, () -> read(RUNC), text).getMessage();
      assertTrue(message.startsWith("read(" + root + RUNC + "/state.json): "), message);
    }
  }
}

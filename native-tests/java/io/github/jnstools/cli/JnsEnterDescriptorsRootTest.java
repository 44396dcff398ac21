package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Tools;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which descriptors of its caller a program gets. */
@RootTest
class JnsEnterDescriptorsRootTest {
  private static final String OPEN = "exec 3</etc/passwd 4</etc/group 5</etc/hosts 9</etc/fstab; ";
  private static Container box;

  @BeforeAll
  static void start() throws Exception {
    box = Container.start();
  }

  @AfterAll
  static void end() throws IOException {
    box.close();
  }

  private static Running enter(String options) throws Exception {
    String command = OPEN + "exec " + Tools.JNSENTER + " -t " + box.pid() + " " + options;
    return Running.start("sh", "-c", command + " /probe").ready();
  }

  @Test
  void allButTheStandardStreamsAreClosed() throws Exception {
    for (String options : new String[] {"-m", "-m -T", "-m -p", "-m -p --kill-child"}) {
      try (Running entered = enter(options)) {
        long program = options.contains("-p") ? entered.program() : entered.pid();
        assertEquals(List.of(0, 1, 2), List.copyOf(Proc.descriptors(program).keySet()), options);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void keepsAsManyAsAsked(int count) throws Exception {
    List<String> files = List.of("/etc/passwd", "/etc/group", "/etc/hosts");
    for (String options : new String[] {"-m", "-m -p --kill-child"}) {
      try (Running entered = enter(options + " --preserve-fds=" + count)) {
        long program = options.equals("-m") ? entered.pid() : entered.program();
        Map<Integer, String> open = Proc.descriptors(program);
        assertEquals(3 + count, open.size(), open::toString);
        for (int i = 0; i < count; i++) {
          assertEquals(files.get(i), open.get(3 + i));
        }
      }
    }
  }

  @Test
  void refusesToKeepMoreThanThereAre() throws Exception {
    Run run =
        Run.of(
            "sh",
            "-c",
            OPEN + Tools.JNSENTER + " -m -t " + box.pid() + " --preserve-fds=4 /bin/true");
    assertEquals("exited 1", run.status());
    assertEquals(
        "jnsenter: --preserve-fds=4: only 3 descriptors are open from 3 on\n"
            + "Try 'jnsenter --help' for more information.\n",
        run.err());
  }
}

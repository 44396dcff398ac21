package io.github.jnstools.enter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.Credentials;
import io.github.jnstools.ExitStatus;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Command.Option;
import io.github.jnstools.enter.Command.Stdio;
import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@link Launcher#launch} makes of a {@link Command}. */
@RootTest
class LaunchRootTest {
  private static Container box;

  @BeforeAll
  static void start() throws Exception {
    box = Container.start();
  }

  @AfterAll
  static void end() throws IOException {
    box.close();
  }

  private static NamespaceSet of(Target target, NamespaceType... types) throws IOException {
    return NamespaceSet.of(target.namespaces(List.of(types)));
  }

  private static Command piped(Command command) {
    return command.withStdio(Stdio.PIPE, Stdio.PIPE, Stdio.PIPE);
  }

  /** Runs a command with pipes to its end; what it wrote to its standard output. */
  private static String output(Command command) throws Exception {
    try (Child child = Launcher.launch(piped(command))) {
      child.stdin().close();
      String out = new String(child.stdout().readAllBytes(), StandardCharsets.UTF_8);
      String err = new String(child.stderr().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(new ExitStatus.Exited(0), child.waitFor(), err);
      return out;
    }
  }

  @Test
  void joinsAllEightTypesAtOnce() throws Exception {
    try (Container own = Container.start(Container.inAllTypes());
        Target target = Target.of((int) own.pid());
        NamespaceSet all = NamespaceSet.of(target.namespaces(EnumSet.allOf(NamespaceType.class)));
        Child child = Launcher.launch(piped(Command.of("/probe").withNamespaces(all)));
        BufferedReader out = new BufferedReader(new InputStreamReader(child.stdout()))) {
      while (!out.readLine().equals("ready")) {
        // It says what it sees first.
      }
      long program = ProcessHandle.of(child.pid()).orElseThrow().children().findFirst().get().pid();
      Map<String, String> theirs = Proc.namespaces(own.pid());
      assertEquals(theirs, Proc.namespaces(program));
      for (Map.Entry<String, String> here :
          Proc.namespaces(ProcessHandle.current().pid()).entrySet()) {
        assertNotEquals(here.getValue(), theirs.get(here.getKey()));
      }
      child.stdin().close();
      assertEquals(new ExitStatus.Exited(0), child.waitFor());
    }
  }

  @Test
  void tellsHowTheProgramEnded() throws Exception {
    try (Target target = Target.of((int) box.pid());
        NamespaceSet forked = of(target, NamespaceType.PID, NamespaceType.MNT);
        NamespaceSet inPlace = of(target, NamespaceType.MNT)) {
      for (NamespaceSet set : List.of(forked, inPlace)) {
        for (int code : new int[] {0, 7, 255}) {
          Command exit = Command.of("/bin/sh", "-c", "exit " + code).withNamespaces(set);
          try (Child child = Launcher.launch(exit)) {
            assertEquals(new ExitStatus.Exited(code), child.waitFor());
          }
        }
        for (int signal : new int[] {1, 2, 9, 11, 15}) {
          Command die = Command.of("/probe", "--die", "" + signal).withNamespaces(set);
          try (Child child = Launcher.launch(die)) {
            assertEquals(new ExitStatus.Signalled(signal), child.waitFor());
          }
        }
      }
    }
  }

  @Test
  void pipesLeadToTheStreams() throws Exception {
    Command command = Command.of("sh", "-c", "cat; echo error >&2");
    try (Child child = Launcher.launch(piped(command))) {
      try (OutputStream in = child.stdin()) {
        in.write("some text\n".getBytes(StandardCharsets.UTF_8));
      }
      assertEquals("some text\n", new String(child.stdout().readAllBytes()));
      assertEquals("error\n", new String(child.stderr().readAllBytes()));
      assertEquals(new ExitStatus.Exited(0), child.waitFor());
    }
  }

  @Test
  void discardedStreamsLeadToTheNullDeviceAndNoDescriptorLeaks() throws Exception {
    Map<Integer, String> before = Proc.descriptors(ProcessHandle.current().pid());
    try (Target target = Target.of((int) box.pid());
        NamespaceSet net = of(target, NamespaceType.NET, NamespaceType.UTS);
        Child child =
            Launcher.launch(
                Command.of("busybox", "sleep", "1000")
                    .withNamespaces(net)
                    .withStdio(Stdio.DISCARD, Stdio.DISCARD, Stdio.DISCARD))) {
      assertEquals(
          Map.of(0, "/dev/null", 1, "/dev/null", 2, "/dev/null"), Proc.descriptors(child.pid()));
      assertEquals(Optional.empty(), child.waitFor(Duration.ZERO));
      child.signal(9);
      assertEquals(new ExitStatus.Signalled(9), child.waitFor());
    }
    try (Child child = Launcher.launch(piped(Command.of("busybox", "cat")))) {
      assertEquals(List.of(0, 1, 2), List.copyOf(Proc.descriptors(child.pid()).keySet()));
      child.signal(15);
      assertEquals(new ExitStatus.Signalled(15), child.waitFor());
    }
    assertEquals(List.of(), Proc.opened(before));
  }

  @Test
  void mountsAProcOfThePidNamespaceForItsProgramOnly() throws Exception {
    String mounts = Proc.text(ProcessHandle.current().pid(), "mountinfo");
    try (Target target = Target.of((int) box.pid());
        NamespaceSet pid = of(target, NamespaceType.PID)) {
      Command ps = Command.of("/bin/ps", "-e", "-o", "comm=").withNamespaces(pid);
      assertEquals("sleep\nps\n", output(ps.with(Option.MOUNT_PROC)));
    }
    assertEquals(mounts, Proc.text(ProcessHandle.current().pid(), "mountinfo"));
  }

  @Test
  void assumesIdsGroupsEnvironmentAndDirectory() throws Exception {
    try (Target target = Target.of((int) box.pid());
        NamespaceSet mount = of(target, NamespaceType.MNT)) {
      Command probe = Command.of("/probe", "a b", "").withNamespaces(mount).withTarget(target);
      String out =
          output(
              probe
                  .withCredentials(
                      new Credentials(
                          Credentials.Id.of(1234),
                          Credentials.Id.of(4294967294L),
                          Optional.of(List.of(7, 99))))
                  .withWorkingDirectory(Place.inside(OsString.of("/tmp"))));
      assertTrue(out.contains("\nargv[1]: a b\nargv[2]: \ncwd: /tmp\n"), out);
      assertTrue(out.contains("\nuids: 1234 1234 1234\n"), out);
      assertTrue(out.contains("\ngids: 4294967294 4294967294 4294967294\n"), out);
      assertTrue(out.contains("\ngroups: 7 99\n"), out);
      List<OsString> environment = List.of(OsString.of("B=2"), OsString.of("A=1 ü"));
      Command env = Command.of("/bin/env").withNamespaces(mount);
      assertEquals("B=2\nA=1 ü\n", output(env.withEnvironment(environment)));
      assertEquals(target.environment().size(), 3);
      assertEquals(
          "PATH=/bin\nSHELL=/bin/sh\nIN_BOX=yes\n",
          output(env.withEnvironment(target.environment())));
    }
  }

  @Test
  void aDirectoryOfTheCallerStaysOneInside() throws Exception {
    Path here = Tools.PROJECT.resolve("scripts");
    try (Target target = Target.of((int) box.pid());
        NamespaceSet mount = of(target, NamespaceType.MNT);
        Child child =
            Launcher.launch(
                Command.of("/bin/sleep", "1000")
                    .withNamespaces(mount)
                    .withWorkingDirectory(Place.outside(OsString.of(here.toString()))))) {
      assertEquals(Proc.ns(box.pid(), "mnt"), Proc.ns(child.pid(), "mnt"));
      assertTrue(java.nio.file.Files.isSameFile(Path.of("/proc/" + child.pid() + "/cwd"), here));
      child.signal(9);
      child.waitFor();
    }
  }

  @Test
  void theProgramDiesWithItsWaiterIfThatIsWanted() throws Exception {
    try (Target target = Target.of((int) box.pid());
        NamespaceSet set = of(target, NamespaceType.PID, NamespaceType.MNT)) {
      Command sleep = Command.of("/bin/sleep", "1000").withNamespaces(set);
      for (boolean dies : new boolean[] {true, false}) {
        try (Child child = Launcher.launch(dies ? sleep.withKillChild(9) : sleep)) {
          ProcessHandle waiter = ProcessHandle.of(child.pid()).orElseThrow();
          long program = waiter.children().findFirst().orElseThrow().pid();
          child.signal(9);
          assertEquals(new ExitStatus.Signalled(9), child.waitFor());
          if (dies) {
            Poll.until("the end of the program", () -> !Proc.lives(program));
          } else {
            assertTrue(Proc.lives(program));
            ProcessHandle.of(program).orElseThrow().destroyForcibly();
          }
        }
      }
    }
  }

  @Test
  void theWaiterPassesSignalsOn() throws Exception {
    String script =
        "trap 'exit 7' TERM; trap 'echo usr1' USR1; echo up; while :; do sleep 0.1; done";
    try (Target target = Target.of((int) box.pid());
        NamespaceSet set = of(target, NamespaceType.PID, NamespaceType.MNT)) {
      Command command = Command.of("/bin/sh", "-c", script).withNamespaces(set);
      try (Child child = Launcher.launch(piped(command.with(Option.FORWARD_SIGNALS)));
          BufferedReader out = new BufferedReader(new InputStreamReader(child.stdout()))) {
        assertEquals("up", out.readLine());
        child.signal(10);
        assertEquals("usr1", out.readLine());
        child.signal(15);
        assertEquals(new ExitStatus.Exited(7), child.waitFor());
      }
    }
  }

  @Test
  void fiftyLaunchesAtOnce() throws Exception {
    Map<Integer, String> before = Proc.descriptors(ProcessHandle.current().pid());
    ExecutorService callers = Executors.newFixedThreadPool(50);
    try (Target target = Target.of((int) box.pid());
        NamespaceSet set = of(target, NamespaceType.PID, NamespaceType.MNT, NamespaceType.TIME)) {
      List<Future<ExitStatus>> results = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        Command exit = Command.of("/bin/sh", "-c", "exit " + i).withNamespaces(set);
        results.add(
            callers.submit(
                () -> {
                  try (Child child = Launcher.launch(exit)) {
                    return child.waitFor();
                  }
                }));
      }
      for (int i = 0; i < results.size(); i++) {
        assertEquals(new ExitStatus.Exited(i), results.get(i).get());
      }
    } finally {
      callers.shutdown();
    }
    assertEquals(List.of(), Proc.opened(before));
  }
}

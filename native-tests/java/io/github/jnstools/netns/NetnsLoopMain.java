package io.github.jnstools.netns;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Target;
import io.github.jnstools.netns.NetnsDirectory.Reach;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Links, mounts, unlinks and prunes in a loop in many threads: {@code SEED THREADS NAMES PID...}.
 * At the end of its standard input it prints how often it did what, and what was refused.
 */
final class NetnsLoopMain {
  private static volatile boolean over;

  private final NetnsDirectory directory = NetnsDirectory.at(NetnsDirectory.DEFAULT);
  private final Map<String, AtomicInteger> done = new ConcurrentSkipListMap<>();
  private final Random random;
  private final int names;
  private final List<Integer> pids;

  private NetnsLoopMain(Random random, int names, List<Integer> pids) throws NamespaceException {
    this.random = random;
    this.names = names;
    this.pids = pids;
  }

  /** The command that runs it. */
  static List<String> command(int seed, int threads, int names, List<Integer> pids) {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                NetnsLoopMain.class.getName(),
                "" + seed,
                "" + threads,
                "" + names));
    for (int pid : pids) {
      command.add("" + pid);
    }
    return command;
  }

  public static void main(String[] arguments) throws Exception {
    int seed = Integer.parseInt(arguments[0]);
    List<Integer> pids = new ArrayList<>();
    for (int i = 3; i < arguments.length; i++) {
      pids.add(Integer.valueOf(arguments[i]));
    }
    List<NetnsLoopMain> loops = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      Random random = new Random(1000L * seed + i);
      NetnsLoopMain loop = new NetnsLoopMain(random, Integer.parseInt(arguments[2]), pids);
      loops.add(loop);
      threads.add(new Thread(loop::run));
    }
    threads.forEach(Thread::start);
    while (System.in.read() >= 0) {
      continue;
    }
    over = true;
    Map<String, Integer> all = new ConcurrentSkipListMap<>();
    for (int i = 0; i < threads.size(); i++) {
      threads.get(i).join();
      loops.get(i).done.forEach((what, n) -> all.merge(what, n.get(), Integer::sum));
    }
    all.forEach((what, n) -> System.out.println(n + " " + what));
  }

  private void run() {
    while (!over) {
      String what = "";
      try {
        what = step(random.nextInt(10));
      } catch (NamespaceException e) {
        String why = e.errno().map(Enum::name).orElse(e.getMessage().replaceAll("^.*\\): ", ""));
        what = e.operation() + ": " + why.replaceAll("(docker|pid):.*", "another");
      } catch (IOException | RuntimeException e) {
        what = "unexpected: " + e;
      }
      done.computeIfAbsent(what, key -> new AtomicInteger()).incrementAndGet();
    }
  }

  private String step(int kind) throws IOException {
    OsString name = OsString.of("shared" + random.nextInt(names));
    if (kind == 0) {
      directory.prune(Reach.VISIBLE, random.nextBoolean());
      return "PRUNED";
    }
    if (kind == 1) {
      directory.entries();
      return "LISTED";
    }
    if (kind < 6) {
      directory.unlink(name, random.nextInt(10) == 0);
      return "UNLINKED";
    }
    int which = random.nextInt(pids.size());
    try (Target target = Target.of(pids.get(which))) {
      String container = "c" + which;
      OwnerMark owner =
          new OwnerMark(
              "docker", "", "id-" + container, container, target.pid(), target.startTime());
      return kind < 8
          ? "linked: " + directory.link(name, target, owner, random.nextInt(10) == 0)
          : "attached: " + directory.attach(name, target, owner, false);
    }
  }
}

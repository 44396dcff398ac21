package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/** A shell in a terminal: keys go in, the screen comes out. Closing it ends both. */
public final class Tmux implements AutoCloseable {
  /** What the shell asks with. */
  public static final String PROMPT = "home> ";

  private final Path directory;
  private int marks;

  private long server;

  private Tmux(Path directory) {
    this.directory = directory;
  }

  /** Starts a shell in a terminal of this size. */
  public static Tmux start(int columns, int lines) throws Exception {
    Tmux tmux = new Tmux(Files.createTempDirectory("jnstools-tmux"));
    String shell = "env -i PATH=" + System.getenv("PATH") + " TERM=screen PS1='" + PROMPT + "' sh";
    tmux.run("new-session", "-d", "-x", "" + columns, "-y", "" + lines, shell);
    tmux.server = Long.parseLong(tmux.run("display-message", "-p", "#{pid}").strip());
    tmux.awaitScreen("(?s)home>.*");
    return tmux;
  }

  private String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("tmux", "-L", "jnstools", "-f", "/dev/null"));
    command.addAll(List.of(arguments));
    Map<String, String> variables = Map.of("TMUX_TMPDIR", directory.toString());
    return Run.of("", variables, command).mustSucceed().out();
  }

  /** Presses keys, by tmux's names. */
  public void press(String... keys) throws Exception {
    List<String> command = new ArrayList<>(List.of("send-keys"));
    command.addAll(List.of(keys));
    run(command.toArray(new String[0]));
  }

  /** Types a line. */
  public void type(String line) throws Exception {
    run("send-keys", "-l", line);
    press("Enter");
  }

  /** Clears the screen, then types a line. */
  public void typeOnClearScreen(String line) throws Exception {
    String mark = "mark" + ++marks;
    // The shell puts the name together, so that the line as typed does not look like the answer.
    type("echo ma''rk" + marks);
    awaitScreen("(?s).*\n" + mark + "\n.*");
    type("clear");
    await(() -> !screen().contains(mark), "a clear screen");
    type(line);
  }

  /** Changes the terminal's size. */
  public void resize(int columns, int lines) throws Exception {
    run("resize-window", "-x", "" + columns, "-y", "" + lines);
  }

  /** What is on the screen. */
  public String screen() throws IOException, InterruptedException {
    return run("capture-pane", "-p");
  }

  /** Waits until the whole screen matches. */
  public String awaitScreen(String regex) throws Exception {
    Pattern pattern = Pattern.compile(regex);
    await(() -> pattern.matcher(screen()).matches(), regex);
    return screen();
  }

  private void await(Callable<Boolean> condition, String what) throws Exception {
    Poll.until(
        () -> {
          try {
            return what + " on the screen:\n" + screen();
          } catch (IOException | InterruptedException e) {
            return what + ": " + e;
          }
        },
        condition);
  }

  /** The pid of the terminal's shell. */
  public long shell() throws Exception {
    return Long.parseLong(run("display-message", "-p", "#{pane_pid}").strip());
  }

  @Override
  public void close() throws IOException {
    // Its terminals go with it, and so do the programs in them.
    ProcessHandle.of(server)
        .ifPresent(
            handle -> {
              handle.destroy();
              handle.onExit().join();
            });
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

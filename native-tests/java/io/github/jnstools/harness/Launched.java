package io.github.jnstools.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.jnstools.ExitStatus;
import io.github.jnstools.enter.Child;
import io.github.jnstools.enter.Command;
import io.github.jnstools.enter.Command.Stdio;
import io.github.jnstools.enter.Launcher;
import java.nio.charset.StandardCharsets;

/**
 * A command that was launched with pipes, and ran to its end.
 *
 * @param status how it ended
 * @param out its standard output, one character a byte
 * @param err its standard error
 */
public record Launched(ExitStatus status, String out, String err) {

  /** Runs a command with nothing on its standard input. */
  public static Launched of(Command command) throws Exception {
    try (Child child = Launcher.launch(command.withStdio(Stdio.PIPE, Stdio.PIPE, Stdio.PIPE))) {
      child.stdin().close();
      String out = new String(child.stdout().readAllBytes(), StandardCharsets.ISO_8859_1);
      String err = new String(child.stderr().readAllBytes(), StandardCharsets.ISO_8859_1);
      return new Launched(child.waitFor(), out, err);
    }
  }

  /** Its standard output, where all went well. */
  public static String output(Command command) throws Exception {
    Launched run = of(command);
    assertEquals(new ExitStatus.Exited(0), run.status, run.err);
    return run.out;
  }
}

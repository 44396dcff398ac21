package io.github.jnstools.terminal;

import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Tmux;
import io.github.jnstools.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the Tab key makes of a line, in each shell, with the functions that the build made. */
@RootTest
class CompletionRootTest {
  private static final Path MADE = Tools.PROJECT.resolve("target/completion");

  /** A shell, and how it reads the functions. */
  enum Shell {
    BASH(
        "bash --norc",
        "for tool in jnsenter jnetns jdocknet; do . '" + MADE + "/bash/'$tool; done"),
    ZSH("zsh -f", "fpath=('" + MADE + "/zsh' $fpath); autoload -U compinit; compinit -D -u"),
    FISH(
        "fish --no-config",
        "for tool in jnsenter jnetns jdocknet; source '" + MADE + "/fish/'$tool.fish; end");

    private final String start;
    private final String setUp;

    Shell(String start, String setUp) {
      this.start = start;
      this.setUp = setUp;
    }
  }

  @TempDir Path home;

  @ParameterizedTest
  @EnumSource
  void completesOptionsCommandsAndNames(Shell shell) throws Exception {
    Path docker = Files.writeString(home.resolve("docker"), "#!/bin/sh\necho web-of-docker\n");
    docker.toFile().setExecutable(true);
    try (Tmux tmux = Tmux.start(100, 30)) {
      tmux.type("cd '" + home + "'; export HOME=$PWD PATH=$PWD:$PATH; unset PS1; " + shell.start);
      tmux.typeOnClearScreen(shell.setUp);
      completes(tmux, "jnsenter --mount-p", "jnsenter --mount-proc");
      completes(tmux, "jnsenter -a -t web-o", "jnsenter -a -t web-of-docker");
      completes(tmux, "jnsenter -a -t x readlin", "jnsenter -a -t x readlink");
      completes(tmux, "jnetns identi", "jnetns identify");
      completes(tmux, "jnetns prune --dr", "jnetns prune --dry-run");
      completes(tmux, "jnetns link web-o", "jnetns link web-of-docker");
      completes(tmux, "jnetns exec web-o", "jnetns exec web-of-docker");
      completes(tmux, "jnetns exec x readlin", "jnetns exec x readlink");
      completes(tmux, "jdocknet allow rollb", "jdocknet allow rollback");
      completes(tmux, "jdocknet allow apply dock", "jdocknet allow apply docker");
    }
  }

  private static void completes(Tmux tmux, String typed, String completed) throws Exception {
    tmux.press(typed, "Tab");
    tmux.awaitScreen("(?s).*" + Pattern.quote(completed) + "\\s.*");
    tmux.press("C-u");
  }
}

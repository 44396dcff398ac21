package io.github.jnstools.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/**
 * Writes what the build makes of the commands' options: completion for three shells, and the parts
 * of the manual that the pages in {@code src/docs/man} include.
 */
public final class Documents {
  private Documents() {}

  /** All commands. */
  static List<Usage> commands() {
    return List.of(
        new JnsEnterOptions().usage(),
        new JnetnsOptions(null).usage(),
        new JdocknetOptions(null).usage());
  }

  /** The argument is the directory of the build. */
  public static void main(String[] arguments) throws IOException {
    Path build = Path.of(arguments[0]);
    for (Usage command : commands()) {
      String name = command.name();
      write(build.resolve("completion/bash/" + name), new BashCompletion(command).text());
      write(build.resolve("completion/zsh/_" + name), new ZshCompletion(command).text());
      write(build.resolve("completion/fish/" + name + ".fish"), new FishCompletion(command).text());
      write(build.resolve("man-parts/" + name + ".adoc"), manual(command, command.sections()));
      for (Usage each : command.commands()) {
        String file = each.name().replace(' ', '-') + ".adoc";
        write(build.resolve("man-parts/" + file), manual(each, own(each, command)));
      }
    }
  }

  /** The options that not all of a command's commands have. */
  static List<Section> own(Usage usage, Usage parent) {
    List<Section> own = new ArrayList<>(usage.sections());
    own.removeAll(parent.sections());
    return own;
  }

  /** The page that picocli makes. A single list of options has its heading from who includes it. */
  private static String manual(Usage usage, List<Section> sections) {
    Usage shown =
        new Usage(
            usage.name(),
            usage.synopsis(),
            usage.summary(),
            usage.notes(),
            usage.commands(),
            sections,
            usage.status(),
            usage.examples());
    CommandLine command = new CommandLine(HelpText.spec(shown));
    StringWriter text = new StringWriter();
    ManPageGenerator.writeSingleManPage(new PrintWriter(text), command.getCommandSpec());
    return text.toString()
        .replaceAll("(?m)^== +Options.*\n", "")
        .replaceAll("(?m)^(== .*):$", "$1");
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}

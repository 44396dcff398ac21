package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import java.io.IOException;
import picocli.CommandLine.ParameterException;

/** Starts a command by its name, and turns what it throws into a message and an exit status. */
public final class Main {
  private static final int FAILURE = 1;

  private Main() {}

  /** The first argument is the command's name. */
  public static void main(String[] arguments) {
    System.exit(run(arguments, new Console(System.out, System.err)));
  }

  static int run(String[] arguments, Console console) {
    String name = arguments.length == 0 ? "" : arguments[0];
    if (!name.equals(JnsEnter.NAME)) {
      console.error("jnstools: no command '" + name + "'; there is " + JnsEnter.NAME);
      return FAILURE;
    }
    JnsEnter command = null;
    try {
      Caller caller = Caller.of(arguments);
      command = new JnsEnter(caller, console);
      command.run(caller.arguments().subList(1, arguments.length));
      return 0;
    } catch (UsageException | ParameterException e) {
      console.error(name + ": " + Console.shown(e.getMessage()));
      console.error("Try '" + name + " --help' for more information.");
      trace(command, console, e);
    } catch (NamespaceException e) {
      console.error(name + ": " + e.getMessage());
      if (e.hint().isPresent()) {
        console.error("hint: " + e.hint().get());
      }
      trace(command, console, e);
    } catch (IOException e) {
      console.error(name + ": " + e.getMessage());
      trace(command, console, e);
    } catch (UnsatisfiedLinkError e) {
      console.error(name + ": cannot load a library: " + e.getMessage());
      console.error("hint: build jnstools anew, on a file system that is not mounted noexec");
      trace(command, console, e);
    } catch (RuntimeException | Error e) {
      console.error(name + ": internal error: " + e + " (--debug shows where)");
      trace(command, console, e);
    }
    return FAILURE;
  }

  private static void trace(JnsEnter command, Console console, Throwable e) {
    if (command != null && command.debug()) {
      console.trace(e);
    }
  }

  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}

package io.github.jnstools.cli;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceId;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Child;
import io.github.jnstools.enter.Command;
import io.github.jnstools.enter.Command.Stdio;
import io.github.jnstools.enter.Launcher;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NetnsDirectory;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code jnetns exec --all}: a program in each network namespace that has a usable name, one after
 * the other and once each, however many names it has.
 */
final class JnetnsExecAll {
  private static final int FAILURE = 1;
  private static final int CANNOT_EXECUTE = 126;
  private static final int NOT_FOUND = 127;

  private final JnetnsCall call;
  private final JnetnsExec exec;

  JnetnsExecAll(JnetnsCall call, JnetnsExec exec) {
    this.call = call;
    this.exec = exec;
  }

  /** Returns the first exit status that is not 0. */
  int run(List<OsString> argv) throws NamespaceException {
    Report report = new Report(call);
    NetnsDirectory directory = call.directory();
    Set<NamespaceId> done = new HashSet<>();
    int status = 0;
    for (NamedNetns entry : directory.entries()) {
      if (!entry.usable() && call.verbose()) {
        call.console().error(Jnetns.NAME + ": skipped " + entry.name() + ": " + entry.reason());
      }
      if (entry.usable() && done.add(entry.id().get())) {
        int code = 0;
        try (Namespace net = directory.open(entry.name())) {
          code = run(entry.name(), exec.prepared(exec.command(entry, net, argv)));
        } catch (NamespaceException e) {
          report.failure(e);
          code = code(e);
        }
        status = status == 0 ? code : status;
      }
    }
    return status;
  }

  /** As where this process becomes the program. */
  private static int code(NamespaceException e) {
    if (!e.operation().equals("exec") || e.errno().isEmpty()) {
      return FAILURE;
    }
    return e.is(Errno.ENOENT) ? NOT_FOUND : CANNOT_EXECUTE;
  }

  private int run(OsString name, Command command) throws NamespaceException {
    Command piped = command.withStdio(Stdio.DISCARD, Stdio.PIPE, Stdio.PIPE);
    try (Child child = Launcher.launch(piped)) {
      Thread errors = copier(child.stderr(), name, true);
      Thread output = copier(child.stdout(), name, false);
      int status = child.waitFor().shellCode();
      output.join();
      errors.join();
      return status;
    } catch (InterruptedException e) {
      throw new NamespaceException("exec", name.toString(), "interrupted", null);
    } catch (NamespaceException e) {
      throw e;
    } catch (IOException e) {
      throw new NamespaceException("exec", name.toString(), e.toString(), null);
    }
  }

  private Thread copier(InputStream from, OsString name, boolean error) {
    Thread thread =
        new Thread("jnstools-output") {
          @Override
          public void run() {
            try (InputStream in = new BufferedInputStream(from)) {
              copy(in, name, error);
            } catch (IOException e) {
              call.console().error(Jnetns.NAME + ": " + name + ": " + e.getMessage());
            }
          }
        };
    thread.start();
    return thread;
  }

  /** Line by line, whose bytes stay as they are. */
  private void copy(InputStream in, OsString name, boolean error) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      line.write(b);
      if (b == '\n') {
        call.console().prefixed(name + ": ", line.toByteArray(), error);
        line.reset();
      }
    }
    if (line.size() > 0) {
      line.write('\n');
      call.console().prefixed(name + ": ", line.toByteArray(), error);
    }
  }
}

package io.github.jnstools.enter;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.sys.Fd;
import io.github.jnstools.sys.Image;
import io.github.jnstools.sys.Installed;
import io.github.jnstools.sys.Sys;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The program that runs the rest of a plan: in a sealed file in memory, with that rest in another.
 *
 * <p>It is what {@code /proc/PID/exe} of an entering process leads to: a target that opens it finds
 * a file that nobody can change.
 */
final class Stage implements AutoCloseable {
  private static final String FILE = "jnstools-stage";

  private final Fd program;
  private final Fd plan;
  private final Image image;

  private Stage(Fd program, Fd plan, Image image) {
    this.program = program;
    this.plan = plan;
    this.image = image;
  }

  /**
   * Loads the stage.
   *
   * @param argv what it shows in {@code /proc/PID/cmdline}
   * @param environment the program's
   */
  static Stage of(List<Step> steps, List<OsString> argv, List<OsString> environment)
      throws NamespaceException {
    Fd program = null;
    Fd plan = null;
    try {
      program = program();
      plan = Sys.memfdCreate("jnstools-plan", false);
      Sys.write(plan, Plan.encode(steps), "plan");
      List<OsString> entries = new ArrayList<>();
      entries.add(OsString.ofLatin1("JNSTOOLS_PLAN=" + plan.number()));
      entries.addAll(environment);
      return new Stage(program, plan, new Image(program, argv, entries));
    } catch (NamespaceException e) {
      close(plan);
      close(program);
      throw e;
    }
  }

  private static Fd program() throws NamespaceException {
    Fd memfd = Sys.memfdCreate(FILE, true);
    try {
      File installed = Installed.file(FILE);
      if (installed == null) {
        Sys.write(memfd, resource(), FILE);
      } else {
        try (Fd file = Sys.open(OsString.of(installed.getPath()), Sys.O_RDONLY)) {
          Sys.copy(file, memfd, FILE);
        }
      }
      Sys.seal(memfd, FILE);
      return memfd;
    } catch (NamespaceException e) {
      memfd.close();
      throw e;
    }
  }

  private static byte[] resource() throws NamespaceException {
    String name = "/" + Installed.platform() + "/" + FILE;
    try (InputStream in = Stage.class.getResourceAsStream(name)) {
      if (in != null) {
        return in.readAllBytes();
      }
    } catch (IOException e) {
      throw new NamespaceException("stage", name, e.toString(), null);
    }
    throw new NamespaceException(
        "stage",
        name,
        "this build of jnstools has no stage for this machine",
        "build it on this architecture, or with its cross compiler");
  }

  /**
   * Replaces this process by the stage; returns only by throwing.
   *
   * @param inherited further descriptors that it has
   */
  void become(List<Integer> inherited) throws NamespaceException {
    List<Integer> all = new ArrayList<>(inherited);
    all.add(plan.number());
    image.execute(all);
  }

  /**
   * Starts the stage in a child.
   *
   * @param inherited pairs (from, to) of further descriptors that it has
   * @return its pid
   */
  int spawn(List<int[]> inherited) throws NamespaceException {
    List<int[]> all = new ArrayList<>(inherited);
    all.add(new int[] {plan.number(), plan.number()});
    return image.spawn(all);
  }

  @Override
  public void close() {
    image.close();
    close(plan);
    close(program);
  }

  private static void close(Fd fd) {
    if (fd != null) {
      fd.close();
    }
  }
}

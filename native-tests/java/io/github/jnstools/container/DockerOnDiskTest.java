package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.Run;
import io.github.jnstools.proc.Procfs;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Docker's containers, found without asking Docker. */
@DockerTest
class DockerOnDiskTest {
  @TempDir static Path busybox;
  private static final Engine ON_DISK = DockerState.ofSystem(HostFiles.HERE, Procfs.HERE);
  private static DockerEngine engine;
  private static String web;
  private static String db;

  @BeforeAll
  static void startContainers() throws Exception {
    assertFalse(ON_DISK.present());
    engine = DockerEngine.withBusybox(busybox, "--live-restore");
    web = engine.start("--name", "web", "busybox", "/bin/sleep", "1000");
    db = engine.sleeper("db", "none");
    engine.run("create", "--name", "new", "busybox", "/bin/sh").mustSucceed();
  }

  @AfterAll
  static void endEngine() throws Exception {
    if (engine != null) {
      engine.run("rm", "-f", "new");
      engine.close();
    }
  }

  @Test
  void findsTheProcessOfEachContainer() throws Exception {
    assertTrue(ON_DISK.present());
    for (String reference : List.of("web", web, web.substring(0, 12))) {
      Known known = OnDisk.find(ON_DISK, reference);
      OnDisk.assertRuns(engine.pid(web), known);
      assertEquals("web", known.name());
      assertEquals("bridge", known.networkMode());
    }
    assertEquals("none", OnDisk.find(ON_DISK, "db").networkMode());
    assertEquals("created", OnDisk.find(ON_DISK, "new").status());
    assertEquals(Stream.of(web, db).sorted().toList(), OnDisk.running(ON_DISK));
  }

  @Test
  void findsThemWhileTheDaemonIsDown() throws Exception {
    long pid = engine.pid(web);
    long ends = engine.pid(db);
    engine.crash();
    try {
      OnDisk.assertRuns(pid, OnDisk.find(ON_DISK, "web"));
      assertTrue(OnDisk.running(ON_DISK).contains(db));
      Run.of("kill", "-KILL", "" + ends).mustSucceed();
      Poll.until("the end of db", () -> !Proc.lives(ends));
      Known known = OnDisk.find(ON_DISK, "db");
      assertEquals("exited", known.status());
      assertEquals(0, known.pid());
      assertEquals(List.of(web), OnDisk.running(ON_DISK));
    } finally {
      engine.startAgain();
      engine.run("start", "db").mustSucceed();
    }
    OnDisk.assertRuns(pid, OnDisk.find(ON_DISK, "web"));
    OnDisk.assertRuns(engine.pid(db), OnDisk.find(ON_DISK, "db"));
  }

  @Test
  void followsRestartRenameAndPause() throws Exception {
    String id = engine.start("--name", "first", "busybox", "/bin/sleep", "1000");
    long pid = engine.pid(id);
    engine.run("restart", "-t", "0", id).mustSucceed();
    engine.run("rename", "first", "second").mustSucceed();
    assertNotEquals(pid, engine.pid(id));
    OnDisk.assertRuns(engine.pid(id), OnDisk.find(ON_DISK, "second"));
    assertEquals(List.of(), ON_DISK.find("first"));
    engine.run("pause", id).mustSucceed();
    assertEquals("paused", OnDisk.find(ON_DISK, id).status());
    engine.run("unpause", id).mustSucceed();
    engine.run("rm", "-f", id).mustSucceed();
    assertEquals(List.of(), ON_DISK.find("second"));
  }
}

package io.github.jnstools.enter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.Pace;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Running;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@RootTest
class NamespaceThreadRootTest {
  private static Container box;

  @BeforeAll
  static void start() throws Exception {
    box = Container.start();
  }

  @AfterAll
  static void end() throws IOException {
    box.close();
  }

  private static NamespaceSet ofBox(NamespaceType... types) throws NamespaceException {
    try (Target target = Target.of((int) box.pid())) {
      return NamespaceSet.of(target.namespaces(List.of(types)));
    }
  }

  /** The threads of this JVM in a namespace. */
  private static List<Path> threadsIn(String name, String namespace) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path thread : Proc.list(Path.of("/proc/self/task"))) {
      try {
        if (Proc.link(thread.resolve("ns/" + name)).equals(namespace)) {
          found.add(thread);
        }
      } catch (IOException e) {
        continue; // it has ended
      }
    }
    return found;
  }

  @ParameterizedTest
  @EnumSource(
      value = NamespaceType.class,
      names = {"TIME", "USER"},
      mode = EnumSource.Mode.EXCLUDE)
  void oneThreadJoinsAndNoOther(NamespaceType type) throws Exception {
    String theirs = Proc.ns(box.pid(), type.procName());
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch seen = new CountDownLatch(1);
    ExecutorService caller = Executors.newSingleThreadExecutor();
    try (NamespaceSet set = ofBox(type)) {
      assertNotEquals(theirs, Proc.ns(ProcessHandle.current().pid(), type.procName()));
      Future<Boolean> result =
          caller.submit(
              () ->
                  NamespaceThread.call(
                      set,
                      () -> {
                        inside.countDown();
                        return seen.await(Pace.LIMIT.toSeconds(), TimeUnit.SECONDS);
                      }));
      assertTrue(inside.await(Pace.LIMIT.toSeconds(), TimeUnit.SECONDS));
      assertEquals(1, threadsIn(type.joinedName(), theirs).size());
      seen.countDown();
      assertTrue(result.get());
    } finally {
      caller.shutdown();
    }
    Poll.until("no thread there", () -> threadsIn(type.joinedName(), theirs).isEmpty());
  }

  @Test
  void joinsSeveralAtOnceInTheirOrder() throws Exception {
    try (NamespaceSet set =
        ofBox(
            NamespaceType.MNT,
            NamespaceType.NET,
            NamespaceType.UTS,
            NamespaceType.IPC,
            NamespaceType.CGROUP)) {
      Path passwd = Path.of("/etc/passwd");
      String inside = NamespaceThread.call(set, () -> java.nio.file.Files.readString(passwd));
      assertTrue(inside.contains("web:x:1234:"), inside);
    }
  }

  @Test
  void aServerSocketOpenedInsideIsUsedOutside() throws Exception {
    InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
    try (NamespaceSet set = ofBox(NamespaceType.NET);
        ServerSocketChannel server =
            NamespaceThread.call(
                set, () -> ServerSocketChannel.open(StandardProtocolFamily.INET).bind(any))) {
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      assertThrows(
          IOException.class, () -> SocketChannel.open(new InetSocketAddress("127.0.0.1", port)));
      String listening = String.format(":%04X 00000000:0000 0A", port);
      assertTrue(Proc.text(box.pid(), "net/tcp").contains(listening));
      try (Running client =
          Running.start(
              "nsenter",
              "--net=/proc/" + box.pid() + "/ns/net",
              "busybox",
              "nc",
              "127.0.0.1",
              "" + port)) {
        try (SocketChannel connection = server.accept()) {
          connection.write(ByteBuffer.wrap("hello\n".getBytes(StandardCharsets.US_ASCII)));
          client.awaitLine("hello");
        }
      }
    }
  }

  @Test
  void twoHundredJoinsAtOnceAndNoThreadStays() throws Exception {
    String theirs = Proc.ns(box.pid(), "net");
    int many = 200;
    ExecutorService callers = Executors.newFixedThreadPool(many);
    CyclicBarrier allIn = new CyclicBarrier(many + 1);
    CyclicBarrier counted = new CyclicBarrier(many + 1);
    try (NamespaceSet set = ofBox(NamespaceType.NET)) {
      Path mine = Path.of("/proc/thread-self/ns/net");
      List<Future<String>> results = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        results.add(
            callers.submit(
                () ->
                    NamespaceThread.call(
                        set,
                        () -> {
                          allIn.await(Pace.LIMIT.toSeconds(), TimeUnit.SECONDS);
                          counted.await(Pace.LIMIT.toSeconds(), TimeUnit.SECONDS);
                          return Proc.link(mine);
                        })));
      }
      allIn.await(Pace.LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertEquals(many, threadsIn("net", theirs).size());
      counted.await(Pace.LIMIT.toSeconds(), TimeUnit.SECONDS);
      for (Future<String> result : results) {
        assertEquals(theirs, result.get());
      }
    } finally {
      callers.shutdown();
    }
    Poll.until("no thread there", () -> threadsIn("net", theirs).isEmpty());
  }

  @ParameterizedTest
  @EnumSource(names = {"TIME", "USER"})
  void refusesWhatNeedsASingleThread(NamespaceType type) throws Exception {
    try (NamespaceSet set = ofBox(NamespaceType.NET, type)) {
      NamespaceException e =
          assertThrows(
              NamespaceException.class,
              () ->
                  NamespaceThread.call(
                      set,
                      () -> {
                        throw new AssertionError("the task ran");
                      }));
      assertEquals(
          "setns(/proc/"
              + box.pid()
              + "/ns/"
              + type.procName()
              + ", "
              + type.flagName()
              + "): the kernel wants a process with a single thread for this, and a JVM has many",
          e.getMessage());
      assertEquals(Optional.of("launch a program there instead"), e.hint());
    }
  }

  @Test
  void whatTheTaskThrowsIsTheCause() throws Exception {
    for (Throwable thrown :
        List.of(
            new IOException("its own"),
            new AssertionError("its own"),
            new NamespaceException("setns", "its own", 1),
            new ExecutionException(new IOException("its own")))) {
      try (NamespaceSet set = ofBox(NamespaceType.UTS)) {
        ExecutionException e =
            assertThrows(
                ExecutionException.class,
                () ->
                    NamespaceThread.call(
                        set,
                        () -> {
                          if (thrown instanceof Error error) {
                            throw error;
                          }
                          throw (Exception) thrown;
                        }));
        assertSame(thrown, e.getCause());
      }
    }
  }

  @Test
  void anInterruptReachesTheTask() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    try (NamespaceSet set = ofBox(NamespaceType.UTS)) {
      Thread caller =
          new Thread(
              () -> {
                try {
                  NamespaceThread.call(
                      set,
                      () -> {
                        inside.countDown();
                        try {
                          new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                          interrupted.countDown();
                        }
                        return null;
                      });
                } catch (Throwable e) {
                  thrown.set(e);
                }
              });
      caller.start();
      assertTrue(inside.await(Pace.LIMIT.toSeconds(), TimeUnit.SECONDS));
      caller.interrupt();
      caller.join();
      assertTrue(thrown.get() instanceof InterruptedException, "" + thrown.get());
      assertTrue(interrupted.await(Pace.LIMIT.toSeconds(), TimeUnit.SECONDS));
    }
  }

  @Test
  void aClosedNamespaceIsNotJoined() throws Exception {
    NamespaceSet closed = ofBox(NamespaceType.NET);
    closed.close();
    assertThrows(IllegalStateException.class, () -> NamespaceThread.call(closed, () -> "it ran"));
  }
}

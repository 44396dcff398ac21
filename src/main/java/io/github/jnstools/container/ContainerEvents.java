package io.github.jnstools.container;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * What happens to the containers of all engines, as it happens. Events wait until they are taken;
 * the same may be told twice.
 *
 * <p>Engines with an interface tell by themselves; others, and those whose daemon is down, are
 * looked at every two seconds. Each has a daemon thread of its own. Any thread may use this.
 */
public final class ContainerEvents implements AutoCloseable {
  private static final Duration POLL = Duration.ofSeconds(2);

  private final Queue<ContainerEvent> queue = new ArrayDeque<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private boolean closed;

  private ContainerEvents() {}

  static ContainerEvents of(List<FirstOf> engines) {
    return of(engines, POLL);
  }

  static ContainerEvents of(List<FirstOf> engines, Duration poll) {
    ContainerEvents events = new ContainerEvents();
    for (FirstOf engine : engines) {
      Watcher watcher = new Watcher(engine, events, poll);
      events.watchers.add(watcher);
      watcher.start();
    }
    return events;
  }

  synchronized void add(ContainerEvent event) {
    queue.add(event);
    notifyAll();
  }

  /**
   * Takes the next event.
   *
   * @param patience how long to wait for one
   * @return empty if there was none in that time, or if this is closed
   */
  public synchronized Optional<ContainerEvent> next(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    long left = patience.toNanos();
    while (queue.isEmpty() && !closed && left > 0) {
      wait(left / 1_000_000 + 1);
      left = deadline - System.nanoTime();
    }
    return closed ? Optional.empty() : Optional.ofNullable(queue.poll());
  }

  /** Ends the threads and the connections. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    for (Watcher watcher : watchers) {
      watcher.interrupt();
    }
    try {
      for (Watcher watcher : watchers) {
        watcher.join();
      }
    } catch (InterruptedException e) {
      // They end all the same, a moment later.
      Thread.currentThread().interrupt();
    }
  }
}

package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.cli.Outcome.Action;
import io.github.jnstools.container.Container;
import io.github.jnstools.container.ContainerEvent;
import io.github.jnstools.container.ContainerEvents;
import io.github.jnstools.container.ContainerResolver;
import io.github.jnstools.container.ContainerResolver.Inventory;
import io.github.jnstools.netns.LinkName;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NamedNetns.Kind;
import io.github.jnstools.netns.NetnsDirectory;
import io.github.jnstools.netns.NetnsDirectory.Pruned;
import io.github.jnstools.netns.NetnsDirectory.Reach;
import io.github.jnstools.netns.OwnerMark;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * {@code jnetns watch}: whenever an engine tells of a change, makes the directory agree with what
 * runs. Each time all is compared, so that an event which was missed does no harm.
 */
final class JnetnsWatch {
  // Events come in groups: a restart is a death and a start. Where they never stop, it goes on.
  private static final Duration TOGETHER = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  // What is cut short is as after a crash, which harms nothing.
  private static final Duration FOR_THE_END = Duration.ofSeconds(5);
  private static final String INTERVAL = "10";
  private static final int A_DAY = 86_400;
  private static final int FAILURE = 1;

  private final JnetnsCall call;
  private final ContainerResolver resolver;
  private final NetnsDirectory directory;
  private final Linker linker;
  private final RunningReport report;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Duration interval;
  private volatile boolean stopped;
  private volatile int status = FAILURE;

  JnetnsWatch(JnetnsCall call) throws NamespaceException, UsageException {
    this.call = call;
    String seconds =
        call.options().has("--interval") ? call.options().last("--interval") : INTERVAL;
    this.interval = Duration.ofSeconds(Numbers.parse(seconds, "interval", 1, A_DAY));
    this.resolver = ContainerResolver.ofHost();
    this.directory = call.directory();
    this.linker = new Linker(directory, false, false);
    this.report = new RunningReport(call);
  }

  int run() throws UsageException {
    if (!call.operands().isEmpty()) {
      throw new UsageException("watch takes no names");
    }
    if (call.options().has("--once")) {
      agree();
      return report.status();
    }
    try (ContainerEvents events = resolver.events()) {
      Runtime.getRuntime().addShutdownHook(stopper(events));
      while (!stopped && call.console().failure() == null) {
        Optional<ContainerEvent> event = events.next(interval);
        long first = System.nanoTime();
        while (event.isPresent()) {
          tell(event.get());
          boolean enough = System.nanoTime() - first > PATIENCE.toNanos();
          event = enough ? Optional.empty() : events.next(TOGETHER);
        }
        if (!stopped) {
          agree();
        }
      }
      status = call.console().failure() == null ? 0 : FAILURE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
    return status;
  }

  /** TERM and INT let what is being done come to its end, and are no failure; an error is one. */
  private Thread stopper(ContainerEvents events) {
    return new Thread("jnstools-stop") {
      @Override
      public void run() {
        if (ended.getCount() == 0) {
          return;
        }
        stopped = true;
        events.close();
        boolean inTime = true;
        try {
          inTime = ended.await(FOR_THE_END.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(inTime ? status : 0);
      }
    };
  }

  private void tell(ContainerEvent event) {
    if (event.kind() == ContainerEvent.Kind.CONNECTED || event.kind() == ContainerEvent.Kind.LOST) {
      Action action = event.kind() == ContainerEvent.Kind.LOST ? Action.LOST : Action.CONNECTED;
      report.add(new Outcome(action, OsString.of(event.engine()), null, event.name()));
    }
  }

  private void agree() {
    report.nextRound();
    try {
      Inventory inventory = resolver.running();
      report.unanswered(inventory);
      // First, as another container may have the former name of this one by now.
      removeOldNames(inventory.containers());
      linker.linkAll(inventory.containers(), report);
      for (Pruned pruned : directory.prune(Reach.OURS, false)) {
        JnetnsPrune.add(report, pruned, Action.REMOVED);
      }
    } catch (NamespaceException e) {
      report.failure(e);
    }
  }

  /** Of a container that was renamed, the entry that had its former name; others are the user's. */
  private void removeOldNames(List<Container> containers) throws NamespaceException {
    for (NamedNetns entry : directory.entries()) {
      OwnerMark before = entry.owner().orElse(null);
      // A mount was wanted to stay.
      boolean link = entry.kind() == Kind.LINK;
      if (link && before != null && isFormerName(entry.name(), before)) {
        for (Container container : containers) {
          OwnerMark now = Containers.mark(container);
          if (before.sameContainer(now) && !before.name().equals(now.name())) {
            removeOldName(entry, before, now);
          }
        }
      }
    }
  }

  private void removeOldName(NamedNetns entry, OwnerMark before, OwnerMark now)
      throws NamespaceException {
    if (directory.remove(entry)) {
      report.add(new Outcome(Action.REMOVED, entry.name(), before, "it is " + now.name() + " now"));
    }
  }

  private static boolean isFormerName(OsString name, OwnerMark before) {
    return name.equals(LinkName.of(before)) || name.equals(LinkName.ofClash(before));
  }
}

package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.netns.Processes;
import java.util.List;

/** {@code jnetns pids}. */
final class JnetnsPids {
  private final JnetnsCall call;

  JnetnsPids(JnetnsCall call) {
    this.call = call;
  }

  int run() throws NamespaceException, UsageException {
    if (call.operands().size() != 1) {
      throw new UsageException("pids takes one name or container");
    }
    List<Integer> pids;
    try (Namespace namespace = call.namespace(call.operands().get(0))) {
      pids = Processes.all().in(namespace.id());
    }
    if (call.json()) {
      JsonStringWriter json = JsonWriter.string().array();
      for (int pid : pids) {
        json.value(pid);
      }
      call.console().print(json.end().done() + "\n");
    } else {
      for (int pid : pids) {
        call.console().print(pid + "\n");
      }
    }
    return 0;
  }
}

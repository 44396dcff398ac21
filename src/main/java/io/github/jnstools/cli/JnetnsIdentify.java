package io.github.jnstools.cli;

import com.grack.nanojson.JsonStringWriter;
import com.grack.nanojson.JsonWriter;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceId;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.netns.NamedNetns;
import java.util.ArrayList;
import java.util.List;

/** {@code jnetns identify}: unlike ip, which tells one name of several. */
final class JnetnsIdentify {
  private final JnetnsCall call;

  JnetnsIdentify(JnetnsCall call) {
    this.call = call;
  }

  int run() throws NamespaceException, UsageException {
    if (call.operands().size() > 1) {
      throw new UsageException("identify takes one pid or container");
    }
    List<String> names = new ArrayList<>();
    NamespaceId wanted = wanted();
    for (NamedNetns entry : call.directory().entries()) {
      if (entry.usable() && entry.id().get().equals(wanted)) {
        names.add(entry.name().toString());
      }
    }
    if (call.json()) {
      JsonStringWriter json = JsonWriter.string().array();
      for (String name : names) {
        json.value(name);
      }
      call.console().print(json.end().done() + "\n");
    } else {
      for (String name : names) {
        call.console().print(name + "\n");
      }
    }
    return 0;
  }

  private NamespaceId wanted() throws NamespaceException {
    if (call.operands().isEmpty()) {
      try (Namespace own = Namespace.ofThread(NamespaceType.NET)) {
        return own.id();
      }
    }
    try (Namespace theirs = call.namespaceOf(call.operands().get(0))) {
      return theirs.id();
    }
  }
}

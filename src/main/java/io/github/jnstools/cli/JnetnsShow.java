package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceId;
import io.github.jnstools.OsString;
import io.github.jnstools.container.Container;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NetnsDirectory;
import io.github.jnstools.netns.NetnsView;
import io.github.jnstools.netns.NetnsView.Address;
import io.github.jnstools.netns.NetnsView.Interface;
import io.github.jnstools.netns.OwnerMark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code jnetns show}: all that is known of a network namespace. */
final class JnetnsShow {
  private final JnetnsCall call;

  JnetnsShow(JnetnsCall call) {
    this.call = call;
  }

  int run() throws NamespaceException, UsageException {
    if (call.operands().isEmpty()) {
      throw new UsageException("show takes names or containers");
    }
    Report report = new Report(call);
    NetnsDirectory directory = call.directory();
    List<NetnsDetails> all = new ArrayList<>();
    try (NetnsSurvey survey = new NetnsSurvey(call, directory, report)) {
      for (String operand : call.operands()) {
        try {
          all.addAll(details(operand, directory, survey));
        } catch (NamespaceException e) {
          report.failure(e);
        }
      }
    }
    if (call.json()) {
      call.console().print(NetnsJson.of(all));
    } else {
      for (NetnsDetails details : all) {
        print(details);
      }
    }
    return report.status();
  }

  /** Of the entry of this name, or of all that lead to the container's; or of that without one. */
  private List<NetnsDetails> details(String operand, NetnsDirectory directory, NetnsSurvey survey)
      throws NamespaceException {
    List<NetnsDetails> found = new ArrayList<>();
    if (call.isName(directory, operand)) {
      add(survey.of(directory.require(OsString.ofLatin1(operand))), found);
      return found;
    }
    try (Namespace namespace = call.namespaceOf(operand)) {
      NamespaceId id = namespace.id();
      for (NamedNetns entry : directory.entries()) {
        if (entry.id().isPresent() && entry.id().get().equals(id)) {
          add(survey.of(entry), found);
        }
      }
      if (found.isEmpty()) {
        found.add(survey.of(namespace));
      }
    }
    return found;
  }

  private static void add(Optional<NetnsDetails> details, List<NetnsDetails> found) {
    if (details.isPresent()) {
      found.add(details.get());
    }
  }

  private void print(NetnsDetails details) {
    NamedNetns entry = details.entry().orElse(null);
    if (entry == null) {
      field("name", "");
    } else {
      field("name", entry.name().toString());
      String why = entry.reason().isEmpty() ? "" : ": " + entry.reason();
      field("state", NetnsJson.word(entry.state()) + why);
      String target = entry.target().isPresent() ? " to " + entry.target().get() : "";
      field("kind", NetnsJson.word(entry.kind()) + target);
      field("made for", entry.owner().isPresent() ? madeFor(entry.owner().get()) : "");
    }
    field("inode", details.id().isPresent() ? details.id().get().toString() : "");
    NetnsView view = details.view().orElse(null);
    boolean unique = view != null && view.uniqueId().isPresent();
    field("id", unique ? "" + view.uniqueId().getAsLong() : "");
    boolean known = view != null && view.nsid().isPresent();
    field("nsid", known ? "" + view.nsid().getAsInt() : "");
    field("owned by", details.owner().isPresent() ? details.owner().get().toString() : "");
    field("processes", details.pids().toString().replaceAll("[\\[\\],]", ""));
    for (Container container : details.containers()) {
      String mode = container.networkMode();
      field(
          "container",
          container.reference()
              + ", process "
              + container.pid()
              + (mode.isEmpty() ? "" : ", network " + mode));
    }
    if (view != null) {
      for (Interface each : view.interfaces()) {
        print(each);
      }
    }
    call.console().print("\n");
  }

  private static String madeFor(OwnerMark owner) {
    return owner.reference() + ", id " + owner.id() + ", process " + owner.pid();
  }

  private void print(Interface each) {
    StringBuilder line = new StringBuilder(each.index() + " " + each.name());
    if (!each.kind().isEmpty()) {
      line.append(", ").append(each.kind());
    }
    line.append(", ").append(each.operState()).append(", mtu ").append(each.mtu());
    if (!each.mac().isEmpty()) {
      line.append(", ").append(each.mac());
    }
    if (each.peer().isPresent()) {
      NetnsView.Peer peer = each.peer().get();
      line.append(", here ").append(peer.hostInterface());
      if (peer.master().isPresent()) {
        line.append(" in ").append(peer.master().get());
      }
    }
    field("interface", line.toString());
    for (Address address : each.addresses()) {
      field("address", address.address() + "/" + address.prefix() + " " + address.scope());
    }
  }

  private void field(String name, String value) {
    if (!value.isEmpty()) {
      call.console().line(name + " ".repeat(11 - name.length()) + value);
    }
  }
}

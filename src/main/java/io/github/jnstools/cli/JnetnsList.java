package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.OsString;
import io.github.jnstools.container.Container;
import io.github.jnstools.netns.NamedNetns;
import io.github.jnstools.netns.NetnsDirectory;
import io.github.jnstools.netns.NetnsView.Address;
import io.github.jnstools.netns.NetnsView.Interface;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code jnetns list}: a line for each entry, whatever it is worth. */
final class JnetnsList {
  private final JnetnsCall call;

  JnetnsList(JnetnsCall call) {
    this.call = call;
  }

  int run() throws NamespaceException {
    Report report = new Report(call);
    NetnsDirectory directory = call.directory();
    List<NetnsDetails> all = new ArrayList<>();
    try (NetnsSurvey survey = new NetnsSurvey(call, directory, report)) {
      for (NamedNetns entry : wanted(directory, report)) {
        Optional<NetnsDetails> details = survey.of(entry);
        if (details.isPresent()) {
          all.add(details.get());
        }
      }
    }
    if (call.json()) {
      call.console().print(NetnsJson.of(all));
    } else {
      print(all);
    }
    return report.status();
  }

  private List<NamedNetns> wanted(NetnsDirectory directory, Report report)
      throws NamespaceException {
    if (call.operands().isEmpty()) {
      return directory.entries();
    }
    List<NamedNetns> wanted = new ArrayList<>();
    for (String operand : call.operands()) {
      try {
        wanted.add(directory.require(OsString.ofLatin1(operand)));
      } catch (NamespaceException e) {
        report.failure(e);
      }
    }
    return wanted;
  }

  private void print(List<NetnsDetails> all) {
    Table table =
        new Table("NAME", "STATE", "NSID", "INODE", "PROCS", "CONTAINERS", "NETWORK", "ADDRESSES");
    for (NetnsDetails details : all) {
      NamedNetns entry = details.entry().orElseThrow();
      boolean seen = details.view().isPresent();
      table.add(
          entry.name().toString(),
          NetnsJson.word(entry.state()),
          seen && details.view().get().nsid().isPresent()
              ? "" + details.view().get().nsid().getAsInt()
              : "",
          details.id().isPresent() ? "" + details.id().get().inode() : "",
          details.id().isPresent() ? "" + details.pids().size() : "",
          containers(details, entry),
          details.networkMode().replaceAll("^(container:.{12}).*", "$1"),
          seen ? addresses(details) : reason(entry));
    }
    for (String line : table.text()) {
      call.console().line(line);
    }
  }

  private static String reason(NamedNetns entry) {
    return entry.reason().isEmpty() ? "" : "(" + entry.reason() + ")";
  }

  private static String containers(NetnsDetails details, NamedNetns entry) {
    StringBuilder words = new StringBuilder();
    for (Container container : details.containers()) {
      words.append(words.length() == 0 ? "" : ",").append(container.reference());
    }
    if (words.length() == 0 && entry.owner().isPresent()) {
      return entry.owner().get().reference();
    }
    return words.toString();
  }

  private String addresses(NetnsDetails details) {
    StringBuilder words = new StringBuilder();
    for (Interface each : details.view().orElseThrow().interfaces()) {
      for (Address address : each.addresses()) {
        if (call.verbose() || address.scope().equals("global")) {
          words.append(words.length() == 0 ? "" : ",").append(each.name()).append('=');
          words.append(address.address()).append('/').append(address.prefix());
        }
      }
    }
    return words.toString();
  }
}

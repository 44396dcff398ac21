package io.github.jnstools.firewall;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What follows from drift. */
final class DriftFindings {
  private static final String WRITE_ANEW =
      "restart the daemon, which writes its rules anew: systemctl restart docker";

  private DriftFindings() {}

  static List<Finding> of(List<Drift> drift) {
    return drift.stream().map(DriftFindings::of).toList();
  }

  private static Finding of(Drift drift) {
    return switch (drift.kind()) {
      case MISSING ->
          finding(
              Finding.Severity.ERROR,
              drift,
              "a rule of Docker " + drift.because(),
              "it does so no more",
              WRITE_ANEW);
      case JUMP_MISSING ->
          finding(
              Finding.Severity.ERROR,
              drift,
              "a jump " + drift.because(),
              "the rules of " + drift.rule().target().orElseThrow() + " are never asked",
              WRITE_ANEW);
      case JUMP_NOT_FIRST ->
          finding(
              Finding.Severity.WARNING,
              drift,
              "the jump to DOCKER-USER is not first: " + drift.because(),
              "what earlier rules decide the rules of DOCKER-USER never see",
              "delete the jump and insert it as rule 1 of FORWARD");
      case EXTRA ->
          finding(
              Finding.Severity.WARNING,
              drift,
              "a rule of Docker " + drift.because(),
              "it decides about packets of whoever gets its address or interface next",
              "delete it: " + drift.rule().text().replaceFirst("^-A", "-D"));
      case OUT_OF_ORDER ->
          finding(
              Finding.Severity.WARNING,
              drift,
              "a rule of Docker stands too low: it " + drift.because(),
              "the earlier rule decides about its packets",
              WRITE_ANEW);
      case DEAD ->
          finding(
              Finding.Severity.WARNING,
              drift,
              "no packet comes to it: " + drift.because(),
              "it does nothing",
              "insert it before that rule, with -I instead of -A");
    };
  }

  private static Finding finding(
      Finding.Severity severity, Drift drift, String what, String consequence, String cure) {
    return new Finding(
        severity,
        drift.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        place(drift.family(), drift.table(), drift.rule().chain(), drift.number()),
        Optional.of(drift.rule()),
        what,
        consequence,
        cure);
  }

  /** {@code IPv4 filter DOCKER-USER 2}; without a number if a rule is not there. */
  static String place(IpFamily family, String table, String chain, int number) {
    return family.word() + " " + table + " " + chain + (number == 0 ? "" : " " + number);
  }
}

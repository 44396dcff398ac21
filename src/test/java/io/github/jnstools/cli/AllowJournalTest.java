package io.github.jnstools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.cli.AllowRecord.Changed;
import io.github.jnstools.cli.AllowRecord.State;
import io.github.jnstools.firewall.HostRules;
import io.github.jnstools.firewall.IpFamily;
import io.github.jnstools.firewall.Ruleset;
import io.github.jnstools.firewall.UserChain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of writes, and what follows from it. */
class AllowJournalTest {
  @TempDir Path directory;
  private AllowJournal journal;

  @BeforeEach
  void make() throws IOException {
    journal = AllowJournal.at(directory.resolve("journal"));
  }

  /** What iptables-save prints of a chain with one rule. */
  private static String saved(String source) {
    return "*filter\n:DOCKER-USER - [0:0]\n-A DOCKER-USER -s " + source + " -j DROP\nCOMMIT\n";
  }

  private static UserChain chain(String source) throws IOException {
    return UserChain.parse(IpFamily.IPV4, saved(source)).orElseThrow();
  }

  private static HostRules rules(String source) throws IOException {
    Optional<Ruleset> none = Optional.empty();
    return new HostRules(
        Optional.of(Ruleset.parse(saved(source))), none, none, none, Optional.empty());
  }

  private static List<Changed> change(String from, String to) throws IOException {
    return List.of(new Changed(chain(from), chain(to)));
  }

  private static AllowRecord record(State state) throws IOException {
    return new AllowRecord(
        "7-1", state, "", change("10.0.0.2", "10.0.0.3"), change("10.0.0.1", "10.0.0.2"));
  }

  @Test
  void keepsWhatWasWrittenLastAndShowsItToNobody() throws Exception {
    assertEquals(Optional.empty(), journal.read());
    journal.write(record(State.WAITS));
    journal.write(record(State.KEPT).with(State.LEFT, "so"));
    assertEquals(Optional.of(record(State.LEFT).with(State.LEFT, "so")), journal.read());
    Path file = directory.resolve("journal");
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(Optional.of(1), Optional.of(file.toFile().list().length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"state\": \"KEPT\", \"chains\": [1]}",
        "{\"id\": \"1\", \"state\": \"LOST\", \"chains\": [], \"previous\": []}",
        "{\"state\": \"KEPT\", \"chains\": [{\"family\": \"IPv4\"}], \"previous\": []}",
        "{\"state\": \"KEPT\", \"previous\": [], \"chains\": [{\"family\": \"IPv4\","
            + " \"before\": \"*filter\", \"after\": \"\"}]}"
      })
  void aRecordOfSomebodyElseIsRefused(String text) throws Exception {
    Path file = directory.resolve("journal/record.json");
    Files.writeString(file, text);
    NamespaceException e = assertThrows(NamespaceException.class, () -> journal.read());
    assertTrue(
        e.getMessage().startsWith("read(" + file + "): not as jdocknet wrote it: "), e.toString());
    assertEquals(Optional.of("remove it"), e.hint());
  }

  @Test
  void aPlaceThatCannotBeMadeIsToldInOneLine() {
    Path nowhere = directory.resolve("missing/journal");
    NamespaceException e = assertThrows(NamespaceException.class, () -> AllowJournal.at(nowhere));
    assertEquals("mkdir(" + nowhere + "): NoSuchFile", e.getMessage());
  }

  /** The write from .2 to .3, after one from .1 to .2, and what stands now. */
  @ParameterizedTest
  @CsvSource({
    "10.0.0.3, 10.0.0.2", // carried out
    "10.0.0.2, 10.0.0.1", // ended before it was
    "10.0.0.1, 10.0.0.2" // somebody else took it back, too far
  })
  void theLastWriteIsTheOneThatCanBeSeen(String now, String before) throws Exception {
    List<Changed> write = record(State.KEPT).standing(rules(now));
    assertEquals(
        before,
        write.get(0).before().rules().get(0).source().orElseThrow().value().replace("/32", ""));
  }

  @Test
  void aWriteThatWasTakenBackIsNone() throws Exception {
    AllowRecord reverted = record(State.WAITS).reverted();
    assertEquals(State.REVERTED, reverted.state());
    assertEquals(change("10.0.0.1", "10.0.0.2"), reverted.standing(rules("10.0.0.2")));
    assertEquals(List.of(), reverted.reverted().standing(rules("10.0.0.1")));
  }

  @Test
  void aWriteWaitsOnlyAsLongAsSomebodyWouldTakeItBack() throws Exception {
    journal.write(record(State.WAITS));
    assertTrue(journal.waits("7-1"));
    assertFalse(journal.waits("7-2"));
    assertFalse(journal.waits());
    assertFalse(journal.isGuarded());
  }

  private AllowConfirmation confirmation() {
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
    return new AllowConfirmation(journal, new Console(nowhere, nowhere));
  }

  @Test
  void aWriteThatWaitsIsConfirmedOnce() throws Exception {
    journal.write(record(State.WAITS));
    assertEquals(0, confirmation().confirm());
    assertEquals(Optional.of(record(State.KEPT)), journal.read());
    assertThrows(NamespaceException.class, () -> confirmation().confirm());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "KEPT     | no write waits to be confirmed",
        "REVERTED | too late: it was taken back",
        "LEFT     | it was not taken back: why"
      })
  void whatDoesNotWaitIsNotConfirmed(State state, String message) throws Exception {
    journal.write(record(state).with(state, "why"));
    NamespaceException e = assertThrows(NamespaceException.class, () -> confirmation().confirm());
    assertEquals("allow(confirm): " + message, e.getMessage());
  }

  @Test
  void whereNothingWasWrittenNothingIsConfirmed() {
    NamespaceException e = assertThrows(NamespaceException.class, () -> confirmation().confirm());
    assertEquals("allow(confirm): no write waits to be confirmed", e.getMessage());
  }

  /** The rules of a host that has this one. */
  private AllowGuard guard(String now) {
    return new AllowGuard(journal, text -> Optional.of(saved(now)), "7-1");
  }

  @Test
  void theGuardLeavesAloneWhatSomebodyElseHasChanged() throws Exception {
    journal.write(record(State.WAITS));
    guard("10.0.0.9").run(Duration.ZERO);
    AllowRecord left = journal.read().orElseThrow();
    assertEquals(State.LEFT, left.state());
    assertEquals("somebody else has changed it meanwhile: IPv4 filter DOCKER-USER", left.note());
  }

  @Test
  void theGuardHasNothingToDoWhereNothingWasWritten() throws Exception {
    journal.write(record(State.WAITS));
    guard("10.0.0.2").run(Duration.ZERO);
    assertEquals(Optional.of(record(State.WAITS).reverted()), journal.read());
  }

  @Test
  void theGuardSaysWhyItCouldNotTakeItBack() throws Exception {
    journal.write(record(State.WAITS));
    new AllowGuard(journal, text -> Optional.of("*filter\n"), "7-1").run(Duration.ZERO);
    AllowRecord left = journal.read().orElseThrow();
    assertEquals(State.LEFT, left.state());
    assertTrue(left.note().contains("cut off"), left.note());
  }

  @ParameterizedTest
  @CsvSource({"7-1, KEPT", "7-2, WAITS"})
  void theGuardEndsOnceItsWriteDoesNotWait(String id, State state) throws Exception {
    AllowRecord other = new AllowRecord(id, state, "", change("10.0.0.2", "10.0.0.3"), List.of());
    journal.write(other);
    guard("10.0.0.3").run(Duration.ofDays(1));
    assertEquals(Optional.of(other), journal.read());
  }
}

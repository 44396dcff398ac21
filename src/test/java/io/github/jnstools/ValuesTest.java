package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The small records: identities, exit statuses, credentials. */
class ValuesTest {

  @Test
  void namespaceIdReadsAsReadlinkShowsIt() {
    NamespaceId id = new NamespaceId(NamespaceType.NET, 4, 4026531840L);
    assertEquals("net:[4026531840]", id.toString());
    assertEquals(
        "mnt:[18446744073709551615]", new NamespaceId(NamespaceType.MNT, 4, -1).toString());
  }

  @Test
  void namespaceIdsDifferByTypeDeviceAndInode() {
    NamespaceId id = new NamespaceId(NamespaceType.NET, 4, 5);
    assertEquals(id, new NamespaceId(NamespaceType.NET, 4, 5));
    assertNotEquals(id, new NamespaceId(NamespaceType.UTS, 4, 5));
    assertNotEquals(id, new NamespaceId(NamespaceType.NET, 3, 5));
    assertNotEquals(id, new NamespaceId(NamespaceType.NET, 4, 6));
  }

  @Test
  void exitStatusIsWhatAShellShows() {
    assertEquals(0, new ExitStatus.Exited(0).shellCode());
    assertEquals(255, new ExitStatus.Exited(255).shellCode());
    assertEquals(137, new ExitStatus.Signalled(9).shellCode());
    assertEquals(143, new ExitStatus.Signalled(15).shellCode());
    assertNotEquals(new ExitStatus.Exited(9), new ExitStatus.Signalled(9));
  }

  @Test
  void idTakesEveryNumberThatTheKernelTakes() {
    assertEquals(0, Credentials.Id.of(0).number());
    assertEquals(1000, Credentials.Id.of(1000).number());
    Credentials.Id last = Credentials.Id.of(4294967294L);
    assertEquals(4294967294L, Integer.toUnsignedLong(last.number()));
    assertEquals(Credentials.Kind.FIXED, last.kind());
  }

  @Test
  void idCannotBeMadeToMeanNoId() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Credentials.Id(Credentials.Kind.FIXED, (int) 4294967295L));
    assertThrows(
        IllegalArgumentException.class, () -> new Credentials.Id(Credentials.Kind.KEEP, 7));
  }

  @Test
  void idRefusesEveryOtherNumber() {
    for (long number : new long[] {-1, 4294967295L, 4294967296L, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> Credentials.Id.of(number), "" + number);
    }
  }

  @Test
  void credentialsCopyTheirGroups() {
    List<Integer> groups = new ArrayList<>(List.of(1, 2));
    Credentials credentials =
        new Credentials(Credentials.Id.KEEP, Credentials.Id.FOLLOW, Optional.of(groups));
    groups.clear();
    assertEquals(Optional.of(List.of(1, 2)), credentials.groups());
  }

  @Test
  void credentialsHaveAUserAndAGroup() {
    assertThrows(
        NullPointerException.class,
        () -> new Credentials(null, Credentials.Id.KEEP, Optional.empty()));
    assertThrows(
        NullPointerException.class,
        () -> new Credentials(Credentials.Id.KEEP, null, Optional.empty()));
    assertEquals(Optional.empty(), Credentials.KEEP.groups());
  }
}

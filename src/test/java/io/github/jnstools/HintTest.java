package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HintTest {
  private static List<Hint> table;

  @BeforeAll
  @SuppressWarnings("unchecked")
  static void readTable() throws ReflectiveOperationException {
    Field field = Hint.class.getDeclaredField("TABLE");
    field.setAccessible(true);
    table = (List<Hint>) field.get(null);
    assertTrue(table.size() >= 25, "" + table.size());
  }

  @Test
  void isOneSentenceWithoutFullStop() {
    for (Hint hint : table) {
      assertTrue(hint.text().matches("\\S[ -~]*[^\\s.!?,;]"), hint.text());
      assertFalse(hint.text().matches(".*[.!?] .*|.*  .*"), hint.text());
    }
  }

  @Test
  void citesAManPage() {
    for (Hint hint : table) {
      assertTrue(hint.man().matches("[a-z][a-z0-9_]*\\([1-8]\\)"), hint.man());
    }
  }

  @Test
  void namesASystemCall() {
    for (Hint hint : table) {
      assertTrue(hint.operation().matches("[a-z][a-z0-9_]*"), hint.operation());
    }
  }

  @Test
  void isNotHiddenByAnEarlierRow() {
    for (int later = 0; later < table.size(); later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        Hint one = table.get(earlier);
        Hint other = table.get(later);
        boolean hides =
            one.operation().equals(other.operation())
                && one.errno() == other.errno()
                && other.context().contains(one.context());
        assertFalse(hides, one + " hides " + other);
      }
    }
  }

  @Test
  void isFoundByItsOwnKey() {
    for (Hint hint : table) {
      String context = "before " + hint.context() + " after";
      assertEquals(Optional.of(hint), Hint.find(hint.operation(), context, hint.errno().number()));
    }
  }

  @Test
  void isTheFirstRowThatFits() {
    String special = Hint.find("setns", "f, CLONE_NEWNS", Errno.EPERM.number()).get().text();
    String general = Hint.find("setns", "f, CLONE_NEWNET", Errno.EPERM.number()).get().text();
    assertTrue(special.contains("CAP_SYS_CHROOT"), special);
    assertFalse(general.contains("CAP_SYS_CHROOT"), general);
  }

  @Test
  void isForItsOperationContextAndErrorOnly() {
    assertEquals(Optional.empty(), Hint.find("setns", "f, CLONE_NEWNET", Errno.EINVAL.number()));
    assertEquals(Optional.empty(), Hint.find("setns", "f, CLONE_NEWNET", 4095));
    assertEquals(Optional.empty(), Hint.find("nothing", "", Errno.EPERM.number()));
    assertEquals(List.of(), Hint.of("nothing", ""));
  }

  @Test
  void listsAllRowsOfAnOperationInTableOrder() {
    List<Hint> mount = Hint.of("setns", "f, CLONE_NEWNS");
    assertEquals(
        List.of(Errno.EPERM, Errno.EPERM, Errno.EXDEV), mount.stream().map(Hint::errno).toList());
    assertEquals("CLONE_NEWNS", mount.get(0).context());
  }
}

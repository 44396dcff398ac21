package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The import rules between the packages. */
class ArchitectureTest {
  private static final String ROOT = "io.github.jnstools";

  /** Whom each package may import; "" is the root package. */
  private static final Map<String, Set<String>> ALLOWED =
      Map.of(
          "", Set.of(),
          "sys", Set.of(""),
          "proc", Set.of(""),
          "enter", Set.of("sys", "proc", ""),
          "container", Set.of("sys", "proc", ""),
          "netns", Set.of("enter", "sys", "proc", ""),
          "firewall", Set.of(""),
          "cli", Set.of("container", "netns", "firewall", "enter", ""));

  private static final Set<String> EXPORTED = Set.of("", "enter", "container", "netns", "firewall");

  /** What is there today: less means that the import looked in the wrong place. */
  private static final Map<String, Integer> LEAST =
      Map.of(
          "",
          6,
          "sys",
          7,
          "proc",
          6,
          "enter",
          15,
          "container",
          25,
          "netns",
          20,
          "firewall",
          7,
          "cli",
          25);

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  private static String packageOf(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
  }

  private static boolean ours(JavaClass type) {
    return type.getPackageName().equals(ROOT) || type.getPackageName().startsWith(ROOT + ".");
  }

  private static JavaClass element(JavaClass type) {
    return type.getBaseComponentType();
  }

  @Test
  void seesTheClasses() {
    Map<String, Integer> counts = new TreeMap<>();
    for (JavaClass type : CLASSES) {
      counts.merge(packageOf(type), 1, Integer::sum);
    }
    LEAST.forEach(
        (name, least) -> assertTrue(counts.getOrDefault(name, 0) >= least, name + ": " + counts));
    assertTrue(ALLOWED.keySet().containsAll(counts.keySet()), counts.toString());
  }

  @Test
  void importsFollowTheRules() {
    Set<String> wrong = new TreeSet<>();
    int seen = 0;
    for (JavaClass type : CLASSES) {
      String from = packageOf(type);
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass other = element(dependency.getTargetClass());
        if (ours(other) && !packageOf(other).equals(from)) {
          seen++;
          if (!ALLOWED.get(from).contains(packageOf(other))) {
            wrong.add(type.getName() + " -> " + other.getName());
          }
        }
      }
    }
    assertEquals(Set.of(), wrong);
    assertTrue(seen > 100, "" + seen);
  }

  @Test
  void theRootPackageNeedsOnlyTheJdk() {
    ArchRuleDefinition.classes()
        .that()
        .resideInAPackage(ROOT)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(ROOT, "java..")
        .check(CLASSES);
  }

  @Test
  void onlySysUsesJna() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".sys")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.jna..")
        .check(CLASSES);
  }

  @Test
  void onlyCliUsesPicocli() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".cli")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(CLASSES);
  }

  @Test
  void onlyContainerFirewallAndCliUseJson() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".container", ROOT + ".firewall", ROOT + ".cli")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.grack.nanojson..")
        .check(CLASSES);
  }

  /** Its classes are loaded by no other command. */
  @Test
  void onlyTheFileOfAllowListsUsesYaml() {
    ArchRuleDefinition.noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".cli.AllowFile")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.snakeyaml..")
        .check(CLASSES);
  }

  @Test
  void nothingElseIsNeeded() {
    ArchRuleDefinition.classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "..",
            "java..",
            "com.sun.jna..",
            "picocli..",
            "com.grack.nanojson..",
            "org.snakeyaml..")
        .check(CLASSES);
  }

  @Test
  void onlyCliExitsAndUsesTheStandardStreams() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".cli")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .orShould()
        .accessField(System.class, "in")
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(CLASSES);
  }

  @Test
  void onlySystemToolStartsProcessesByTheJdk() {
    ArchRuleDefinition.noClasses()
        .that()
        .doNotHaveFullyQualifiedName(ROOT + ".cli.SystemTool")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ProcessBuilder.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Process.class)
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    SlicesRuleDefinition.slices()
        .matching("(" + ROOT + "..)")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void noStaticFieldIsMutable() {
    ArchRuleDefinition.fields().that().areStatic().should().beFinal().check(CLASSES);
  }

  @Test
  void publicSignaturesShowExportedTypesOnly() {
    Set<String> wrong = new TreeSet<>();
    int members = 0;
    for (JavaClass type : CLASSES) {
      if (EXPORTED.contains(packageOf(type)) && isPublic(type)) {
        for (JavaType parent : parents(type)) {
          addHidden(wrong, type.getName(), parent);
        }
        for (JavaMember member : type.getMembers()) {
          if (isVisible(member)) {
            members++;
            for (JavaType used : types(member)) {
              addHidden(wrong, member.getFullName(), used);
            }
          }
        }
      }
    }
    assertEquals(Set.of(), wrong);
    assertTrue(members > 100, "" + members);
  }

  private static boolean isPublic(JavaClass type) {
    boolean visible =
        type.getModifiers().contains(JavaModifier.PUBLIC)
            || type.getModifiers().contains(JavaModifier.PROTECTED);
    return visible && type.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
  }

  private static boolean isVisible(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static List<JavaType> parents(JavaClass type) {
    List<JavaType> parents = new ArrayList<>(type.getInterfaces());
    type.getSuperclass().ifPresent(parents::add);
    parents.addAll(type.getTypeParameters());
    return parents;
  }

  private static List<JavaType> types(JavaMember member) {
    List<JavaType> types = new ArrayList<>();
    if (member instanceof JavaField field) {
      types.add(field.getType());
    } else if (member instanceof JavaCodeUnit code) {
      types.add(code.getReturnType());
      types.addAll(code.getParameterTypes());
      types.addAll(code.getTypeParameters());
      types.addAll(code.getExceptionTypes());
    }
    return types;
  }

  private static void addHidden(Set<String> wrong, String where, JavaType type) {
    Set<JavaClass> used =
        type.getAllInvolvedRawTypes().stream()
            .map(ArchitectureTest::element)
            .collect(Collectors.toCollection(HashSet::new));
    for (JavaClass raw : used) {
      if (ours(raw) && !EXPORTED.contains(packageOf(raw))) {
        wrong.add(where + " shows " + raw.getName());
      }
    }
  }
}

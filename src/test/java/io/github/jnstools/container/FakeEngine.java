package io.github.jnstools.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A place where containers are known as tests say. */
final class FakeEngine implements Engine {
  private final String name;
  private final String where;
  private volatile List<Known> known;
  private volatile IOException failure;
  private volatile boolean absent;

  FakeEngine(String name, String where, Known... known) {
    this.name = name;
    this.where = where;
    this.known = List.of(known);
  }

  /** A container of it, in place of one with this id. */
  FakeEngine with(String id, String container, String status, int pid) {
    OptionalLong unrecorded = OptionalLong.empty();
    List<Known> all = new ArrayList<>(known);
    all.removeIf(one -> one.id().equals(id));
    all.add(new Known(name, "", id, container, status, pid, unrecorded, "bridge"));
    known = all;
    return this;
  }

  FakeEngine without(String id) {
    known = known.stream().filter(one -> !one.id().equals(id)).toList();
    return this;
  }

  FakeEngine failing(IOException e) {
    failure = e;
    return this;
  }

  FakeEngine absent(boolean is) {
    absent = is;
    return this;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String where() {
    return where;
  }

  @Override
  public boolean present() {
    return !absent;
  }

  @Override
  public List<Known> find(String reference) throws IOException {
    fail();
    List<Known> exact =
        known.stream()
            .filter(one -> one.name().equals(reference) || one.id().equals(reference))
            .toList();
    return exact.isEmpty()
        ? known.stream().filter(one -> one.id().startsWith(reference)).toList()
        : exact;
  }

  @Override
  public List<Known> running() throws IOException {
    fail();
    return known.stream().filter(one -> one.pid() > 0).toList();
  }

  private void fail() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }
}

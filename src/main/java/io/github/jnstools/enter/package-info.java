/**
 * Entering namespaces: with a thread of this JVM, or with a program.
 *
 * <p>Start with {@link io.github.jnstools.enter.Target} (whose namespaces), {@link
 * io.github.jnstools.enter.NamespaceThread} (run Java there) and {@link
 * io.github.jnstools.enter.Launcher} (run a program there):
 *
 * <pre>{@code
 * try (Target target = Target.of(pid);
 *     NamespaceSet net = NamespaceSet.of(target.namespace(NamespaceType.NET))) {
 *   SocketChannel inside = NamespaceThread.call(net, SocketChannel::open);
 *   try (Child child = Launcher.launch(Command.of("ip", "addr").withNamespaces(net))) {
 *     child.waitFor();
 *   }
 * }
 * }</pre>
 *
 * <p>The order of a launch is decided in one place, the planner, as a list of steps. A thread of
 * the JVM can run some of them; for the rest there is the stage, a small C program, because the
 * kernel refuses user and time namespaces to a process with several threads, because nothing of a
 * JVM may run in a forked child, and because the program file of whoever enters a container is
 * within the container's reach.
 */
package io.github.jnstools.enter;

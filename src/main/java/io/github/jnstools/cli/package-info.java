/**
 * The commands. Not exported; the only users of picocli, of the standard streams and of exit.
 *
 * <p>Arguments are Java strings of one character a byte here, so that they pass unharmed in any
 * encoding. {@link io.github.jnstools.cli.Main} starts, {@link io.github.jnstools.cli.JnsEnter} is
 * {@code jnsenter}.
 */
package io.github.jnstools.cli;

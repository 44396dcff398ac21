/**
 * The text of {@code /proc} as records. Pure Java; not exported.
 *
 * <p>{@link io.github.jnstools.proc.Procfs} reads below an injectable root, each record parses the
 * content of one file.
 */
package io.github.jnstools.proc;

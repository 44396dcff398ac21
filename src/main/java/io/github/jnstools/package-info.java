/**
 * The vocabulary of jnstools: pure values, and the one exception.
 *
 * <p>Start with {@link io.github.jnstools.NamespaceType} and {@link
 * io.github.jnstools.NamespaceException}; what is done with them is in {@code
 * io.github.jnstools.enter}.
 */
package io.github.jnstools;

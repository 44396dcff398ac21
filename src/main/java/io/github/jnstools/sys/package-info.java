/**
 * The kernel boundary: the only package that uses JNA. Not exported.
 *
 * <p>{@link io.github.jnstools.sys.Libc} binds the calls and {@link io.github.jnstools.sys.Sys}
 * checks their results. Libc's functions are bound by name, one by one, because the first
 * registration of a direct-mapped class costs a command more than all the calls it makes.
 */
package io.github.jnstools.sys;

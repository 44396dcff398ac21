package io.github.jnstools.sys;

/**
 * What statx(2) says of a file, as far as it is needed here.
 *
 * @param device as makedev(3) composes it
 * @param inode its inode number
 */
public record FileStatus(long device, long inode) {}

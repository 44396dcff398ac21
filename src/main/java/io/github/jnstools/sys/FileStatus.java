package io.github.jnstools.sys;

/**
 * What statx(2) says of a file, as far as it is needed here.
 *
 * @param device as makedev(3) composes it
 * @param inode its inode number
 * @param mode its type and permissions
 */
public record FileStatus(long device, long inode, int mode) {}

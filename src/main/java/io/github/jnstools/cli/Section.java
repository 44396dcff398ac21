package io.github.jnstools.cli;

import java.util.List;

/** Some options under one heading. */
record Section(String heading, List<Option> options) {}

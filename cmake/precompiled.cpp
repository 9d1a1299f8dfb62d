// Nothing: a target of precompiled headers needs a source, and this is the one.

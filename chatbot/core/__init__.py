"""The rules of the desk: pure functions and frozen data, no I/O, no clock, no platform."""

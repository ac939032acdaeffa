"""Deciding by batches: loading what a batch needs, recording what follows, timers and promises."""

"""The demonstration: a consortium of four countries on one machine, and a tour of the main job."""

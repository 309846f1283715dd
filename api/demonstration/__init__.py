"""The demonstration: a consortium of the 15 RCEP members on one machine, and a tour of the main job."""

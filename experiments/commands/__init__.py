"""The commands of `whistle`, one small file each; libraries load inside commands, so that help is quick."""

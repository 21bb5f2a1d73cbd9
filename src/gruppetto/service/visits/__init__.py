"""Staff alone at somebody's home: they say where and until when; silence or one gesture brings a colleague (G24)."""

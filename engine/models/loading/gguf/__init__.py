"""GGUF files, as llama.cpp, Ollama and LM Studio keep models: checked, converted once, then loaded like any other."""

#include "app/program.h"

int main(int argc, char** argv) {
  crm::app::Program program;
  return program.start(argc, argv);
}

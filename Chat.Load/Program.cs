using Chat.Load.Commands;

return await LoadProgram.RunAsync(args);

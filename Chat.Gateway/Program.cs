using Chat.Gateway.Composition;

return await GatewayProgram.RunAsync(args);
